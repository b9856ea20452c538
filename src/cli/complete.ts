/**
 * Candidates for the word that is being typed, from the table of commands.
 *
 * @module
 */
import { RootCommand } from "@bomb.sh/tab";
import { isGroup, type Node, type Tool } from "./command.ts";
import type { Flags } from "./flags.ts";
import type { Io } from "./io.ts";
import { findChild } from "./locate.ts";
import { SHELLS } from "./shells.ts";
import { spoken } from "./tab.ts";

/** Options for {@linkcode candidates}. */
export interface CandidateOptions {
  /** What a tool's own candidates may be read from. */
  readonly io: Io;
  /** Whether candidates come with what they are. @default {true} */
  readonly descriptions?: boolean;
}

/** What a value is, where a list of words does not say it. */
export type ValueKind = string | readonly string[];

/** Shells complete the names of files by themselves. */
const FILES = new Set(["file", "directory"]);

/**
 * The candidates, one a line, then `:` and what the shell is to do besides: 4
 * for no file names, 0 for file names.
 *
 * @param words The words so far; the last one is being typed.
 */
export async function candidates(
  tool: Tool,
  words: readonly string[],
  options: CandidateOptions,
): Promise<string> {
  const { io, descriptions = true } = options;
  // `help tag ls` names commands as `tag ls` does.
  const named = words.length > 1 && words[0] === "help"
    ? words.slice(1)
    : words;
  const outline = await outlineOf(tool, named);
  let asked: ValueKind | undefined;
  const typed = words.at(-1) ?? "";
  const value = typed.startsWith("--") && typed.includes("=")
    ? typed.slice(typed.indexOf("=") + 1)
    : typed;
  // First, to learn which value is asked for; then, with the answer.
  spoken(() =>
    build(outline, (kind) => {
      asked = kind;
      return [];
    }).parse([...outline.words])
  );
  const answer = await answers(tool, asked, { io, word: value });
  const text = spoken(() =>
    build(outline, () => answer).parse([...outline.words])
  );
  const lines = text.split("\n").slice(0, -2)
    .map((line) => withFlag(line, typed))
    .map((line) => descriptions ? line : line.split("\t", 1)[0] ?? "");
  const isFile = typeof asked === "string" && FILES.has(asked);
  return [...lines, isFile ? ":0" : ":4"].join("\n") + "\n";
}

/** With `--flag=` the shell replaces the whole word. */
function withFlag(line: string, typed: string): string {
  const [, flag] = /^(--[^=]+=)/.exec(typed) ?? [];
  return flag === undefined || line.startsWith("--") ? line : flag + line;
}

interface Outline {
  readonly tool: Tool;
  /** The words, with the proper names of commands. */
  readonly words: readonly string[];
  /** The commands on the way and beside it, by their path without the tool. */
  readonly nodes: ReadonlyMap<string, Node>;
}

/** Walks down by the words that are complete. */
async function outlineOf(
  tool: Tool,
  words: readonly string[],
): Promise<Outline> {
  const nodes = new Map<string, Node>();
  const proper = [...words];
  let node: Node = tool;
  let path = "";
  for (let at = 0; isGroup(node); at++) {
    const children: readonly Node[] = await node.load();
    for (const child of children) {
      if (!child.hidden) nodes.set(`${path} ${child.name}`.trim(), child);
    }
    while (at < words.length - 1 && words[at]?.startsWith("-")) {
      const flag = words[at]?.replace(/^-+/, "") ?? "";
      const known = tool.globals[flag] ??
        Object.values(tool.globals).find(({ short }) => short === flag);
      at += known && known.kind !== "switch" ? 2 : 1;
    }
    if (at >= words.length - 1) break;
    const child = findChild(children, words[at] ?? "");
    if (child === undefined) break;
    proper[at] = child.name;
    node = child;
    path = `${path} ${child.name}`.trim();
  }
  return { tool, words: proper, nodes };
}

type Answer = (kind: ValueKind) => readonly string[];

/** The tree in the form of `@bomb.sh/tab`. */
function build({ tool, nodes }: Outline, answer: Answer): RootCommand {
  const root = new RootCommand();
  addFlags(root, tool.globals, answer);
  for (const [path, node] of nodes) {
    const command = root.command(path, node.summary);
    addFlags(command, tool.globals, answer);
    if (isGroup(node)) continue;
    addFlags(command, node.flags, answer);
    node.args.forEach((arg, at) => {
      const kind = node.completes?.[at] ?? "";
      const isLast = at === node.args.length - 1;
      command.argument(`${at}`, (complete) => {
        for (const one of answer(kind)) complete(one, "");
      }, isLast && arg.includes("..."));
    });
  }
  return root;
}

type TabCommand = ReturnType<RootCommand["command"]>;

function addFlags(command: TabCommand, flags: Flags, answer: Answer): void {
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.hidden) continue;
    if (flag.kind === "switch") {
      if (flag.short) command.option(name, flag.summary, flag.short);
      else command.option(name, flag.summary);
      continue;
    }
    command.option(name, flag.summary, (complete) => {
      for (const one of answer(flag.completes ?? "")) complete(one, "");
    }, flag.short);
  }
}

async function answers(
  tool: Tool,
  kind: ValueKind | undefined,
  request: { readonly io: Io; readonly word: string },
): Promise<readonly string[]> {
  if (kind === undefined || kind === "") return [];
  if (typeof kind !== "string") return kind;
  if (kind === "shell") return SHELLS;
  if (FILES.has(kind)) return [];
  try {
    return await tool.complete?.({ kind, ...request }) ?? [];
  } catch {
    return []; // nobody can read an error in the middle of a line
  }
}
