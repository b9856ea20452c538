/**
 * What a flag can be, and how its text becomes a value. The forms are those of
 * Go's pflag: integers in any base, booleans in six spellings.
 *
 * @module
 */
import { parseDuration } from "../base/duration.ts";
import { isRegError } from "../base/errors.ts";
import { UsageError } from "./usage_error.ts";

/** What shell completion offers for a value. */
export type Completes =
  | "reference"
  | "repository"
  | "registry"
  | "platform"
  | "file"
  | "directory"
  | readonly string[];

interface FlagBase {
  /** One line for the help. */
  readonly summary: string;
  /** One letter. */
  readonly short?: string;
  /** Left out of the help, the documentation and the completion. */
  readonly hidden?: boolean;
  /** A command does not run without it. */
  readonly required?: boolean;
  /** What shell completion offers. */
  readonly completes?: Completes;
}

/** A flag that is on or off. */
export interface SwitchFlag extends FlagBase {
  /** On or off. */
  readonly kind: "switch";
  /** Its value where it is not given. @default {false} */
  readonly default?: boolean;
}

/** A flag with a value. */
export interface ValueFlag<Kind extends string, Default> extends FlagBase {
  /** How the text is read. */
  readonly kind: Kind;
  /** How the help names the value, such as `REGEXP`. */
  readonly value: string;
  /** Its value where it is not given. */
  readonly default?: Default;
  /** Its value where it is the last word; without one that is a mistake. */
  readonly bare?: Default;
}

/** A flag that may be given more than once; the first use discards the default. */
export type ListFlag = ValueFlag<"list", readonly string[]>;

/** One flag. */
export type Flag =
  | SwitchFlag
  | ValueFlag<"text", string>
  | ValueFlag<"integer", number>
  | ValueFlag<"decimal", number>
  | ValueFlag<"duration", number>
  | ListFlag;

/** Flags by their long name. */
export type Flags = Readonly<Record<string, Flag>>;

/** A flag's value, as a command sees it. A duration is in milliseconds. */
export type FlagValue =
  | string
  | number
  | boolean
  | readonly string[]
  | undefined;

/** The values of a table of flags, by long name. */
export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: ValueOf<F[Name]>;
};

type ValueOf<F extends Flag> = F["kind"] extends "switch" ? boolean
  : F["kind"] extends "list" ? readonly string[]
  : F["kind"] extends "text" ? string | Missing<F>
  : number | Missing<F>;
type Missing<F extends Flag> = F extends
  { readonly default: string | number } | { readonly required: true } ? never
  : undefined;

/** One use of a flag on the command line. */
export interface Occurrence {
  /** The flag's long name. */
  readonly name: string;
  /** Its value; of a list, the one that this use adds. */
  readonly value: string | number | boolean;
}

/**
 * Reads one value.
 *
 * @param flag Its name, as {@linkcode flagLabel} gives it, and its definition.
 * @throws {UsageError} With upstream's text.
 */
export function readValue(
  flag: readonly [label: string, flag: Flag],
  text: string,
): string | number | boolean {
  const [label, { kind }] = flag;
  const fail = (cause: string) =>
    new UsageError(
      `invalid argument ${JSON.stringify(text)} for ${
        JSON.stringify(label)
      } flag: ${cause}`,
    );
  switch (kind) {
    case "text":
    case "list":
      return text;
    case "switch":
      return readBoolean(text) ?? raise(fail(
        `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`,
      ));
    case "integer": {
      const value = readInteger(text);
      if (typeof value === "number") return value;
      throw fail(
        `strconv.ParseInt: parsing ${JSON.stringify(text)}: ${value}`,
      );
    }
    case "decimal": {
      const value = Number(text);
      if (text.trim() === "" || !Number.isFinite(value)) {
        throw fail(
          `strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`,
        );
      }
      return value;
    }
    case "duration":
      try {
        return Number(parseDuration(text)) / 1e6;
      } catch (error) {
        throw isRegError(error) ? fail(error.message) : error;
      }
  }
}

function raise(error: Error): never {
  throw error;
}

const BOOLEANS: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...["1", "t", "T", "TRUE", "true", "True"].map((word) => [word, true]),
  ...["0", "f", "F", "FALSE", "false", "False"].map((word) => [word, false]),
]);

/** Reads a boolean in one of Go's spellings. */
export function readBoolean(text: string): boolean | undefined {
  return Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined;
}

const DIGITS = /^[+-]?(0[xX]_?[\da-fA-F]|0[bB]_?[01]|0[oO]?_?[0-7]|\d)/;

/**
 * Reads an integer as Go does with base 0: `10`, `0x10`, `0o7`, `017`,
 * `1_000`.
 *
 * @returns The number, or what is wrong with the text.
 */
export function readInteger(text: string): number | string {
  const wrong = "invalid syntax";
  if (!DIGITS.test(text) || /__|_$/.test(text) || /^[+-]?_/.test(text)) {
    return wrong;
  }
  const negative = text.startsWith("-");
  const digits = text.replace(/^[+-]/, "").replaceAll("_", "");
  // A leading zero alone means octal in Go.
  const literal = /^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const value = Number(literal);
  if (!/^\w+$/.test(literal) || /^\d+[eE]/.test(literal)) return wrong;
  if (Number.isNaN(value)) return wrong;
  if (!Number.isSafeInteger(value)) return "value out of range";
  return negative && value !== 0 ? -value : value;
}

/** A flag as messages name it: `-p, --platform` or `--format`. */
export function flagLabel(name: string, flag: Flag): string {
  return flag.short ? `-${flag.short}, --${name}` : `--${name}`;
}

/** A flag's value where it is not given. */
export function defaultOf(flag: Flag): FlagValue {
  if (flag.kind === "switch") return flag.default ?? false;
  if (flag.kind === "list") return flag.default ?? [];
  return flag.default;
}
