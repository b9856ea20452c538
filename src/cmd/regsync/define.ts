/**
 * How the commands of regsync are declared, and the flags that all of them take.
 *
 * @module
 */
import { commandsWith, type DefineCommand } from "../../cli/command.ts";
import type { FlagValues } from "../../cli/flags.ts";
import { logFlags } from "../../cli/log_flags.ts";

/** The flags that every command of regsync takes. */
export const GLOBALS = {
  config: {
    kind: "text",
    value: "FILE",
    short: "c",
    summary: "Config file, - for the standard input",
    completes: "file",
  },
  ...logFlags("INFO"),
} as const;

/** The values of {@linkcode GLOBALS}. */
export type Globals = FlagValues<typeof GLOBALS>;

/** Declares a command of regsync. */
export const defineCommand: DefineCommand<typeof GLOBALS> = commandsWith(
  GLOBALS,
);

/** The flags of commands that run steps. */
export const RUN_FLAGS = {
  "abort-on-error": {
    kind: "switch",
    summary: "Stop at the first error",
  },
  shard: {
    kind: "text",
    value: "I/N",
    summary: "Do the part I of N of the work, counted from 0",
  },
} as const;

/** The flags of commands that run steps once. */
export const REPORT_FLAGS = {
  ...RUN_FLAGS,
  output: {
    kind: "text",
    value: "FORM",
    summary: "Print a report as json",
    completes: ["json"],
  },
} as const;
