/**
 * Finds the command that a command line names.
 *
 * @module
 */
import { isGroup, type Node, type Tool } from "./command.ts";
import type { Flag, Flags } from "./flags.ts";

/** The command that a command line names, and what is left of the line. */
export interface Located {
  /** The tool, its groups, the command. */
  readonly path: readonly [Tool, ...Node[]];
  /** The children of each group on the path. */
  readonly children: ReadonlyMap<Node, readonly Node[]>;
  /** The words that name no command. */
  readonly words: readonly string[];
}

/**
 * Walks down the tree. Flags may come before, between and after the names of
 * commands; `help a b` is `a b --help`; a group alone is its help.
 */
export async function locate(
  tool: Tool,
  argv: readonly string[],
): Promise<Located> {
  const path: [Tool, ...Node[]] = [tool];
  const children = new Map<Node, readonly Node[]>();
  const words: string[] = [];
  let node: Node = tool;
  let help = false;
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--" || !isGroup(node)) break;
    const nodes: readonly Node[] = children.get(node) ?? await node.load();
    children.set(node, nodes);
    if (word.startsWith("-") && word.length > 1) {
      words.push(word);
      const next = argv[at + 1];
      if (next !== undefined && takesNext(word, tool.globals, next, nodes)) {
        words.push(next);
        at++;
      }
      continue;
    }
    const child = findChild(nodes, word);
    if (child) path.push(node = child);
    else if (word === "help" && node === tool && !help) help = true;
    else break;
  }
  words.push(...argv.slice(at));
  if (isGroup(node)) {
    if (!children.has(node)) children.set(node, await node.load());
    // A group alone is its help; with a flag that nobody knows it is a mistake.
    if (!hasOperand(words, tool.globals)) {
      help = help || words.every((word) => isKnown(tool.globals, word));
    }
  }
  return { path, children, words: help ? [...words, "--help"] : words };
}

/** Finds a command by its name or an alias. */
export function findChild(
  nodes: readonly Node[],
  word: string,
): Node | undefined {
  return nodes.find((node) =>
    node.name === word || node.aliases?.includes(word)
  );
}

/** Finds a flag by a word such as `--format=x` or `-p`. */
export function findFlag(flags: Flags, word: string): Flag | undefined {
  if (word.startsWith("--")) {
    const name = word.slice(2).split("=", 1)[0] ?? "";
    return Object.hasOwn(flags, name) ? flags[name] : undefined;
  }
  return Object.values(flags).find((flag) => flag.short === word[1]);
}

function isKnown(flags: Flags, word: string): boolean {
  return !word.startsWith("--") || findFlag(flags, word) !== undefined;
}

/** Whether the word after a flag is the flag's value. */
function takesNext(
  word: string,
  flags: Flags,
  next: string,
  nodes: readonly Node[] = [],
): boolean {
  if (word.includes("=") || word === "-h" || word === "--help") return false;
  if (!word.startsWith("--") && word.length > 2) return false;
  const flag = findFlag(flags, word);
  if (flag) return flag.kind !== "switch";
  // A flag of a command that is yet to come: its value, unless it is that command.
  return !next.startsWith("-") && !findChild(nodes, next);
}

function hasOperand(words: readonly string[], flags: Flags): boolean {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") return at + 1 < words.length;
    if (!word.startsWith("-")) return true;
    if (takesNext(word, flags, words[at + 1] ?? "-")) at++;
  }
  return false;
}
