/**
 * How a command is declared: once, as data, with a function that runs it.
 * From it come the parser, the help, the completion and the documentation.
 *
 * @module
 */
import type { Log } from "../base/log.ts";
import type { Flags, FlagValue, FlagValues, Occurrence } from "./flags.ts";
import type { Io } from "./io.ts";
import type { Needs } from "./permissions.ts";

/** An example in a command's help. */
export interface Example {
  /** What it does, in a few words. */
  readonly about: string;
  /** The command line. */
  readonly line: string;
}

interface NodeBase {
  /** The word on the command line. */
  readonly name: string;
  /** Other words for the same. */
  readonly aliases?: readonly string[];
  /** One line, for lists of commands. */
  readonly summary: string;
  /** A paragraph, for the help of the command itself. @default {summary} */
  readonly description?: string;
  /** Command lines that work. */
  readonly examples?: readonly Example[];
  /** Left out of the help, the documentation and the completion. */
  readonly hidden?: boolean;
}

interface CommandBase extends NodeBase {
  /** What it needs of the system beside reading files; the rest is given up. @default {[]} */
  readonly needs?: Needs;
}

/** A call of a command, before its types are known. */
export interface AnyCall {
  /** The positional arguments. */
  readonly args: readonly (string | undefined | readonly string[])[];
  /** The flags, its own and the tool's. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** The long names of the flags that the command line holds. */
  readonly given: ReadonlySet<string>;
  /** Every use of a flag, in the order of the command line. */
  readonly occurrences: readonly Occurrence[];
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
  /** Where records go, by `--verbosity` and `--logopt`. */
  readonly log: Log;
  /** The names of the tool and of the commands down to this one. */
  readonly path: readonly string[];
  /** The tool. */
  readonly tool: Tool;
}

/** A command that does something. */
export interface CommandNode extends CommandBase {
  /** The positional arguments: `ref`, `[file]` where optional, `ref...` for one or more. */
  readonly args: readonly string[];
  /** What shell completion offers for each of `args`. */
  readonly completes?: readonly string[];
  /** Its own flags. */
  readonly flags: Flags;
  /** Does it. Returns the exit status where that is not 0. */
  run(io: Io, call: AnyCall): Promise<number | void>;
}

/** A command that only holds others. */
export interface GroupNode extends NodeBase {
  /** The commands in it; loaded when the command line names the group. */
  readonly load: () => Promise<readonly Node[]>;
}

/** A command or a group. */
export type Node = CommandNode | GroupNode;

/** Tells whether a node is a group. */
export function isGroup(node: Node): node is GroupNode {
  return "load" in node;
}

/** One of the programs. */
export interface Tool extends GroupNode {
  /** Flags that every command takes, in any place. */
  readonly globals: Flags;
  /** How its errors look and what its exit status says. */
  readonly errors: ErrorStyle;
  /** What to do about an error: one line, a command where possible. */
  readonly advise?: (
    error: unknown,
    call: AnyCall | undefined,
  ) => Promise<string | undefined>;
  /** Candidates for a value that is being typed; what it throws is not shown. */
  readonly complete?: (
    request: CompletionRequest,
  ) => Promise<readonly string[]>;
}

/** What the shell wants to complete. */
export interface CompletionRequest {
  /** What the value is, such as `reference`. */
  readonly kind: string;
  /** What is typed of it. */
  readonly word: string;
  /** The world. */
  readonly io: Io;
}

/**
 * `explained`: `error:` and `hint:` lines, status 2 for a request that makes no
 * sense, 130 and 143 when interrupted. `raw`: the message alone, status 1.
 */
export type ErrorStyle = "explained" | "raw";

type PositionalOf<A extends string> = A extends `[${string}...]`
  ? readonly string[]
  : A extends `[${string}]` ? string | undefined
  : A extends `${string}...` ? readonly string[]
  : string;

/** A call of a command. */
export interface Call<A extends readonly string[], F extends Flags>
  extends AnyCall {
  /** The positional arguments, by the names in the declaration. */
  readonly args: { readonly [I in keyof A]: PositionalOf<A[I]> };
  /** The flags, its own and the tool's. */
  readonly flags: FlagValues<F>;
}

/** The declaration of a command. */
export interface CommandSpec<
  A extends readonly string[],
  F extends Flags,
  G extends Flags,
> extends CommandBase {
  /** The positional arguments. */
  readonly args: A;
  /** What shell completion offers for each of `args`. */
  readonly completes?: readonly string[];
  /** Its own flags. */
  readonly flags: F;
  /** Does it. Returns the exit status where that is not 0. */
  run(io: Io, call: Call<A, F & G>): Promise<number | void>;
}

/** Declares commands of a tool whose global flags are `G`. */
export type DefineCommand<G extends Flags> = <
  const A extends readonly string[],
  const F extends Flags,
>(spec: CommandSpec<A, F, G>) => CommandNode;

/**
 * Gives the function that declares the commands of a tool.
 *
 * @param _globals The flags that every command of the tool takes.
 */
export function commandsWith<const G extends Flags>(
  _globals: G,
): DefineCommand<G> {
  return (spec) => spec;
}
