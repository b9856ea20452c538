/**
 * The page that documents every command, from the table of commands.
 *
 * @module
 */
import { isGroup, type Node, type Tool } from "./command.ts";
import { withCompletion } from "./completion.ts";
import { defaultText, flagSyntax, usageLine } from "./help.ts";
import type { Flags } from "./flags.ts";

/** The commands of some tools as one page of Markdown. */
export async function commandPage(tools: readonly Tool[]): Promise<string> {
  const parts = ["# Commands", "", NOTE, ""];
  for (const tool of tools) {
    parts.push(...await toolSection(withCompletion(tool)));
  }
  return `${parts.join("\n").trimEnd()}\n`;
}

const NOTE =
  "Written by `deno task docs` from the same definitions as `--help`.";

async function toolSection(tool: Tool): Promise<string[]> {
  const lines = [`## ${tool.name}`, "", tool.description ?? tool.summary, ""];
  lines.push("Flags of every command:", "", ...flagTable(tool.globals));
  for (const path of await walk([tool])) lines.push(...commandSection(path));
  return lines;
}

type Path = readonly Node[];

/** The paths of all commands below a node, in order; groups are not listed. */
async function walk(path: Path): Promise<Path[]> {
  const node = path.at(-1);
  if (node === undefined || node.hidden) return [];
  if (!isGroup(node)) return [path];
  const found: Path[] = [];
  for (const child of await node.load()) {
    found.push(...await walk([...path, child]));
  }
  return found;
}

function commandSection(path: Path): string[] {
  const node = path.at(-1);
  if (node === undefined || isGroup(node)) return [];
  const { aliases = [], examples = [], description = node.summary } = node;
  const lines = [
    `### ${path.map(({ name }) => name).join(" ")}`,
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
  return [...lines, ...flagTable(node.flags)];
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
