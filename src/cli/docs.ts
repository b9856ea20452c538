/**
 * The page that documents every command, from the table of commands.
 *
 * @module
 */
import { isGroup, type Node, type Tool } from "./command.ts";
import { withCompletion } from "./completion.ts";
import { defaultText, flagSyntax } from "./help.ts";
import { usageLine } from "./usage_line.ts";
import type { Flags } from "./flags.ts";

/** The commands of some tools as one page of Markdown. */
export async function commandPage(tools: readonly Tool[]): Promise<string> {
  const parts = ["# Commands", "", NOTE, ""];
  for (const tool of tools) {
    parts.push(...await toolSection(tool));
  }
  return `${parts.join("\n").trimEnd()}\n`;
}

const NOTE =
  "Written by `deno task docs` from the same definitions as `--help`.";

async function toolSection(tool: Tool): Promise<string[]> {
  const lines = [`## ${tool.name}`, "", tool.description ?? tool.summary, ""];
  lines.push("Flags of every command:", "", ...flagTable(tool.globals));
  for (const path of await commandPaths(tool)) {
    const node = path.at(-1);
    if (node && !isGroup(node)) lines.push(...commandSection(path, "###"));
  }
  return lines;
}

/** A tool, its groups, a command: each is the way to the last. */
export type CommandPath = readonly Node[];

/** Options for {@linkcode commandPaths}. */
export interface CommandPathsOptions {
  /** Lists what the help leaves out, too. @default {false} */
  readonly hidden?: boolean;
}

/** The tool, then all that is below it, depth first. */
export async function commandPaths(
  tool: Tool,
  options: CommandPathsOptions = {},
): Promise<CommandPath[]> {
  const { hidden = false } = options;
  const below = async (path: CommandPath): Promise<CommandPath[]> => {
    const node = path.at(-1);
    if (node === undefined || (node.hidden && !hidden)) return [];
    const found = [path];
    for (const child of isGroup(node) ? await node.load() : []) {
      found.push(...await below([...path, child]));
    }
    return found;
  };
  return await below([withCompletion(tool)]);
}

/** A command, or a group with the names of what is in it, as a page of Markdown. */
export async function commandDoc(path: CommandPath): Promise<string> {
  const node = path.at(-1);
  const lines = commandSection(path, "##");
  if (node && isGroup(node)) {
    const rows = (await node.load()).filter(({ hidden }) => !hidden)
      .map(({ name, summary }) => `| \`${name}\` | ${cell(plain(summary))} |`);
    lines.push("| command | |", "| --- | --- |", ...rows);
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The names of a path, as they are typed. */
export function commandLine(path: CommandPath): string {
  return path.map(({ name }) => name).join(" ");
}

function commandSection(path: CommandPath, heading: string): string[] {
  const node = path.at(-1);
  if (node === undefined) return [];
  const { aliases = [], examples = [], description = node.summary } = node;
  const lines = [
    `${heading} ${commandLine(path)}`,
    "",
    plain(description),
    "",
    "```text",
    usageLine(path),
    "```",
    "",
  ];
  if (aliases.length > 0) {
    const words = aliases.map((alias) => `\`${alias}\``).join(", ");
    lines.push(`Other names: ${words}.`, "");
  }
  for (const { about, line } of examples) {
    lines.push(`${sentence(about)}:`, "", "```shell", line, "```", "");
  }
  return [...lines, ...flagTable(isGroup(node) ? {} : node.flags)];
}

function flagTable(flags: Flags): string[] {
  const rows = Object.entries(flags).filter(([, flag]) => !flag.hidden);
  if (rows.length === 0) return [];
  return [
    "| flag | |",
    "| --- | --- |",
    ...rows.map(([name, flag]) =>
      `| \`${flagSyntax(name, flag).trim()}\` | ${
        cell(plain(flag.summary) + defaultText(flag))
      } |`
    ),
    "",
  ];
}

/** Text in which nothing is taken for Markdown's own. */
function plain(text: string): string {
  return text.split("`").map((part, at) =>
    // Between backticks it is code already.
    at % 2 === 1 ? part : part.replace(/[<*_[\]]/g, "\\$&")
  ).join("`");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
