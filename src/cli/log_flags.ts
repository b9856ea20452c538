/**
 * The flags that choose what is logged, and how.
 *
 * @module
 */
import { Log } from "../base/log.ts";
import type { FlagValue } from "./flags.ts";
import type { Io } from "./io.ts";
import { jsonSink, textSink } from "./log_sinks.ts";
import { parseVerbosity, VERBOSITIES } from "./verbosity.ts";

/**
 * The two flags, with the tool's own default.
 *
 * @param verbosity The threshold where `--verbosity` is not given.
 */
export function logFlags<const V extends string>(verbosity: V): {
  readonly logopt: {
    readonly kind: "list";
    readonly value: "OPTION";
    readonly summary: string;
    readonly completes: readonly string[];
  };
  readonly verbosity: {
    readonly kind: "text";
    readonly value: "LEVEL";
    readonly short: "v";
    readonly default: V;
    readonly bare: "debug";
    readonly summary: string;
    readonly completes: readonly string[];
  };
} {
  return {
    logopt: {
      kind: "list",
      value: "OPTION",
      summary: "Log options: json",
      completes: ["json"],
    },
    verbosity: {
      kind: "text",
      value: "LEVEL",
      short: "v",
      default: verbosity,
      bare: "debug",
      summary: "Log level (trace, debug, info, warn, error)",
      completes: VERBOSITIES,
    },
  };
}

/** What the two flags ask for. */
export interface LogSettings {
  /** Records below this level are dropped. */
  readonly threshold: number;
  /** Whether records are JSON. */
  readonly json: boolean;
}

/**
 * Reads the two flags.
 *
 * @throws {UsageError} Where the level has no meaning.
 */
export function logSettings(
  flags: Readonly<Record<string, FlagValue>>,
): LogSettings {
  const { verbosity, logopt } = flags;
  return {
    threshold: parseVerbosity(typeof verbosity === "string" ? verbosity : ""),
    json: Array.isArray(logopt) && logopt.includes("json"),
  };
}

/** The log that the settings ask for, on the standard error. */
export function openLog(io: Io, settings: LogSettings): Log {
  const write = (line: string) => io.stderr.writeSync(line);
  return new Log(
    settings.threshold,
    settings.json ? jsonSink(write) : textSink(write),
  );
}
