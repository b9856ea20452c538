/**
 * How the commands of regbot are declared, and the flags that all of them take.
 *
 * @module
 */
import { commandsWith, type DefineCommand } from "../../cli/command.ts";
import type { FlagValues } from "../../cli/flags.ts";
import { logFlags } from "../../cli/log_flags.ts";

/** The flags that every command of regbot takes. */
export const GLOBALS = {
  config: {
    kind: "text",
    value: "FILE",
    short: "c",
    summary: "Config file, - for the standard input",
    completes: "file",
  },
  "dry-run": {
    kind: "switch",
    summary: "Dry Run, skip all external actions",
  },
  ...logFlags("INFO"),
} as const;

/** The values of {@linkcode GLOBALS}. */
export type Globals = FlagValues<typeof GLOBALS>;

/** Declares a command of regbot. */
export const defineCommand: DefineCommand<typeof GLOBALS> = commandsWith(
  GLOBALS,
);
