/**
 * Commander for the lines that are not plain: help, unknown flags and commands,
 * and what was probably meant.
 *
 * @module
 */
import { Command, CommanderError, Option } from "commander";
import { isGroup, type Node, type Tool } from "./command.ts";
import { flagLabel, type Flags, type Occurrence, readValue } from "./flags.ts";
import type { Located } from "./locate.ts";
import type { Normalised } from "./normalise.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Parses a line.
 *
 * @returns The uses of its flags, or that it asks for help.
 * @throws {UsageError} With upstream's text where it has one.
 */
export function askCommander(
  located: Located,
  line: Normalised,
): readonly Occurrence[] | "help" {
  const occurrences: Occurrence[] = [];
  const program = build(located, (occurrence) => occurrences.push(occurrence));
  try {
    program.parse(commanderWords(located, line), { from: "user" });
    return occurrences;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") return "help";
    throw asUsageError(error, located.path, line);
  }
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
