/**
 * Parses a command line: commander, fed through the normaliser.
 *
 * @module
 */
import { Command, CommanderError, Option } from "commander";
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
import { helpText, usageLine } from "./help.ts";
import { locate, type Located } from "./locate.ts";
import { normalise, type Normalised } from "./normalise.ts";
import { UsageError } from "./usage_error.ts";

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
  const occurrences: Occurrence[] = [];
  const program = build(located, (occurrence) => occurrences.push(occurrence));
  try {
    program.parse(commanderWords(located, line), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") {
      return { kind: "help", text: helpText(path, children.get(node)) };
    }
    throw asUsageError(error, path, line);
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

function commanderWords(located: Located, line: Normalised): string[] {
  const names = located.path.slice(1).map(({ name }) => name);
  const operands = line.operands.length > 0 ? ["--", ...line.operands] : [];
  return [...names, ...line.flags, ...operands];
}

/** Builds commander's tree along the path; what lies beside it is a name for suggestions. */
function build(
  { path, children }: Located,
  note: (occurrence: Occurrence) => void,
): Command {
  const [tool] = path;
  const program = bare(tool);
  addOptions(program, tool.globals, note);
  let command = program;
  path.forEach((node, depth) => {
    if (!isGroup(node)) {
      addOptions(command, node.flags, note);
      command.argument("[args...]").action(() => {});
      return;
    }
    const on = path[depth + 1];
    let below = command;
    for (const child of children.get(node) ?? []) {
      const made = bare(child);
      command.addCommand(made, { hidden: child.hidden ?? false });
      if (child === on) below = made;
    }
    command = below;
  });
  return program;
}

function bare(node: Node): Command {
  return new Command(node.name)
    .aliases([...node.aliases ?? []])
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} });
}

function addOptions(
  command: Command,
  flags: Flags,
  note: (occurrence: Occurrence) => void,
): void {
  for (const [name, flag] of Object.entries(flags)) {
    command.addOption(
      new Option(`--${name} <value>`).hideHelp(flag.hidden ?? false)
        .argParser((text: string) => {
          note({ name, value: readValue([flagLabel(name, flag), flag], text) });
        }),
    );
  }
}

function asUsageError(
  error: CommanderError,
  path: readonly [Tool, ...Node[]],
  line: Normalised,
): UsageError {
  // Commander puts its suggestion into the message, and nowhere else.
  const meant = /\(Did you mean (?:one of )?(.+)\?\)/.exec(error.message)?.[1];
  const full = path.map(({ name }) => name).join(" ");
  const did = meant ? `did you mean ${meant}? ` : "";
  const hint = `${did}see \`${full} --help\``;
  const [, flag] = /unknown option '([^']*)'/.exec(error.message) ?? [];
  if (error.code === "commander.unknownOption") {
    return new UsageError(`unknown flag: ${flag ?? ""}`, hint);
  }
  if (error.code === "commander.unknownCommand") {
    const word = JSON.stringify(line.operands[0] ?? "");
    return new UsageError(`unknown command ${word} for "${full}"`, hint);
  }
  return new UsageError(error.message.replace(/^error: /, ""), hint);
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
