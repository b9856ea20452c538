/**
 * Parses a command line: commander, fed through the normaliser. A line of which
 * every flag is known needs no commander, which takes long to load.
 *
 * @module
 */
import type { CommandNode, Node, Tool } from "./command.ts";
import { isGroup } from "./command.ts";
import {
  defaultOf,
  type Flag,
  flagLabel,
  type Flags,
  type FlagValue,
  type Occurrence,
  readValue,
} from "./flags.ts";
import { locate, type Located } from "./locate.ts";
import { normalise, type Normalised } from "./normalise.ts";
import { UsageError } from "./usage_error.ts";
import { usageLine } from "./usage_line.ts";

/** A command line, understood. */
export type Parsed = {
  /** The text of a help. */
  readonly kind: "help";
  /** It, with its line ends. */
  readonly text: string;
} | {
  /** The call of a command. */
  readonly kind: "call";
  /** The command. */
  readonly command: CommandNode;
  /** The names down to it. */
  readonly path: readonly string[];
  /** See {@linkcode AnyCall}. */
  readonly args: readonly (string | undefined | readonly string[])[];
  /** See {@linkcode AnyCall}. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** See {@linkcode AnyCall}. */
  readonly given: ReadonlySet<string>;
  /** See {@linkcode AnyCall}. */
  readonly occurrences: readonly Occurrence[];
};

/**
 * Parses the words after the name of the tool. Does nothing else: no file is
 * read, nothing is written.
 *
 * @throws {UsageError} With upstream's text where it has one.
 */
export async function parse(
  tool: Tool,
  argv: readonly string[],
): Promise<Parsed> {
  const located = await locate(tool, argv);
  const { path, children, words } = located;
  const node: Node = path[path.length - 1] ?? tool;
  const flags: Flags = isGroup(node)
    ? tool.globals
    : { ...tool.globals, ...node.flags };
  const line = normalise(words, flags);
  const read = isGroup(node) ? undefined : readFlags(line, flags);
  const occurrences = read ?? await askCommander(located, line);
  if (occurrences === "help") {
    const { helpText } = await import("./help.ts");
    return { kind: "help", text: helpText(path, children.get(node)) };
  }
  if (isGroup(node)) throw new UsageError("no command");
  return {
    kind: "call",
    command: node,
    path: path.map(({ name }) => name),
    args: positionals(path, node, line.operands),
    flags: valuesOf(flags, occurrences),
    given: new Set(occurrences.map(({ name }) => name)),
    occurrences,
  };
}

/** The values of flags; nothing where one is not known. */
function readFlags(
  line: Normalised,
  flags: Flags,
): readonly Occurrence[] | undefined {
  const uses: [string, Flag, string][] = [];
  for (const word of line.flags) {
    const [, name = "", text = ""] = /^--([^=]+)=([^]*)$/.exec(word) ?? [];
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) return undefined;
    uses.push([name, flag, text]);
  }
  return uses.map(([name, flag, text]) => ({
    name,
    value: readValue([flagLabel(name, flag), flag], text),
  }));
}

async function askCommander(
  located: Located,
  line: Normalised,
): Promise<readonly Occurrence[] | "help"> {
  return (await import("./commander.ts")).askCommander(located, line);
}

function positionals(
  path: readonly Node[],
  { args }: CommandNode,
  operands: readonly string[],
): (string | undefined | readonly string[])[] {
  const least = args.filter((arg) => !arg.startsWith("[")).length;
  const last = args.at(-1) ?? "";
  const rest = /\.\.\.\]?$/.test(last);
  const received = operands.length;
  const hint = `usage: ${usageLine(path)}`;
  if (rest && received < least) {
    throw new UsageError(
      `requires at least ${least} arg(s), only received ${received}`,
      hint,
    );
  }
  if (!rest && (received < least || received > args.length)) {
    const wanted = least === args.length
      ? String(least)
      : `between ${least} and ${args.length}`;
    throw new UsageError(
      `accepts ${wanted} arg(s), received ${received}`,
      hint,
    );
  }
  return args.map((_, at) =>
    rest && at === args.length - 1 ? operands.slice(at) : operands[at]
  );
}

function valuesOf(
  flags: Flags,
  occurrences: readonly Occurrence[],
): Record<string, FlagValue> {
  const missing = Object.entries(flags).filter(([name, flag]) =>
    flag.required && !occurrences.some((one) => one.name === name)
  ).map(([name]) => JSON.stringify(name));
  if (missing.length > 0) {
    throw new UsageError(`required flag(s) ${missing.join(", ")} not set`);
  }
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      valueOf(flag, occurrences.filter((one) => one.name === name)),
    ]),
  );
}

function valueOf(flag: Flag, uses: readonly Occurrence[]): FlagValue {
  const last = uses.at(-1);
  if (last === undefined) return defaultOf(flag);
  return flag.kind === "list"
    ? uses.map(({ value }) => String(value))
    : last.value;
}
