/**
 * The threshold of the log, as `--verbosity` spells it.
 *
 * @module
 */
import { LEVELS } from "../base/log.ts";
import { UsageError } from "./usage_error.ts";

const NAMES: Readonly<Record<string, number>> = {
  DEBUG: LEVELS.debug,
  INFO: LEVELS.info,
  WARN: LEVELS.warn,
  ERROR: LEVELS.error,
};

/** The names of early releases; `fatal` and `panic` show errors only. */
const EARLY: Readonly<Record<string, number>> = {
  WARNING: LEVELS.warn,
  FATAL: LEVELS.error,
  PANIC: LEVELS.error,
};

/** What completion offers for `--verbosity`. */
export const VERBOSITIES: readonly string[] = [
  "trace",
  "debug",
  "info",
  "warn",
  "error",
];

/**
 * Reads `trace`, or `slog`'s names in any case with an optional offset, such
 * as `WARN+2`; also the names `warning`, `fatal` and `panic`.
 *
 * @throws {UsageError} With upstream's text.
 */
export function parseVerbosity(text: string): number {
  if (text === "trace") return LEVELS.trace;
  const fail = (cause: string) =>
    new UsageError(
      `unable to parse verbosity ${text}: slog: level string ${
        JSON.stringify(text)
      }: ${cause}`,
      `use one of ${VERBOSITIES.join(", ")}`,
    );
  const at = text.search(/[-+]/);
  const name = (at < 0 ? text : text.slice(0, at)).toUpperCase();
  const offset = at < 0 ? "0" : text.slice(at);
  if (!/^[-+]?\d+$/.test(offset)) {
    throw fail(
      `strconv.Atoi: parsing ${JSON.stringify(offset)}: invalid syntax`,
    );
  }
  if (at < 0 && Object.hasOwn(EARLY, name)) return EARLY[name] ?? 0;
  const level = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (level === undefined) throw fail("unknown name");
  return level + Number(offset);
}

/** A numeric level as `slog` prints it: `WARN`, `DEBUG-4`. */
export function levelName(level: number): string {
  const [name, base] = level < LEVELS.info
    ? ["DEBUG", LEVELS.debug]
    : level < LEVELS.warn
    ? ["INFO", LEVELS.info]
    : level < LEVELS.error
    ? ["WARN", LEVELS.warn]
    : ["ERROR", LEVELS.error];
  const above = level - base;
  return above === 0 ? name : `${name}${above > 0 ? "+" : ""}${above}`;
}
