/**
 * Rewrites the forms of flags that Go's pflag takes to the one form that
 * commander takes without doubt: `--name=value`.
 *
 * @module
 */
import type { Flag, Flags } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/** A command line in one form. */
export interface Normalised {
  /** `--name=value` each; an unknown flag as it came. */
  readonly flags: readonly string[];
  /** What is not a flag. */
  readonly operands: readonly string[];
}

/**
 * Takes `--name value`, `--name=value`, `-p value`, `-pvalue`, `-p=value`,
 * groups of switches such as `-ab`, and `--` before operands.
 *
 * @throws {UsageError} With upstream's text.
 */
export function normalise(
  words: readonly string[],
  flags: Flags,
): Normalised {
  const out: string[] = [];
  const operands: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") operands.push(...rest.splice(0));
    else if (word.startsWith("--")) out.push(long(word, rest, flags));
    else if (word.startsWith("-") && word.length > 1) {
      out.push(...short(word, rest, flags));
    } else operands.push(word);
  }
  return { flags: out, operands };
}

function long(word: string, rest: string[], flags: Flags): string {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (flag === undefined) return `--${name}`; // unknown, or the help
  if (equals >= 0) return word;
  if (flag.kind === "switch") return `--${name}=true`;
  return `--${name}=${next(rest, `--${name}`, flag)}`;
}

function short(word: string, rest: string[], flags: Flags): string[] {
  const out: string[] = [];
  for (let left = word.slice(1); left !== "";) {
    const letter = left.slice(0, 1);
    const after = left.slice(1);
    const found = byLetter(flags, letter);
    if (found === undefined) {
      if (letter !== "h") {
        throw new UsageError(`unknown shorthand flag: '${letter}' in ${word}`);
      }
      out.push("--help");
      left = after;
      continue;
    }
    const [name, flag] = found;
    if (after.startsWith("=")) return [...out, `--${name}${after}`];
    if (flag.kind !== "switch") {
      const value = after || next(rest, `'${letter}' in ${word}`, flag);
      return [...out, `--${name}=${value}`];
    }
    out.push(`--${name}=true`);
    left = after;
  }
  return out;
}

function byLetter(flags: Flags, letter: string): [string, Flag] | undefined {
  return Object.entries(flags).find(([, flag]) => flag.short === letter);
}

function next(rest: string[], what: string, flag: Flag): string {
  const bare = flag.kind === "switch" ? undefined : flag.bare;
  const value = rest.shift() ?? bare?.toString();
  if (value === undefined) {
    throw new UsageError(`flag needs an argument: ${what}`);
  }
  return value;
}
