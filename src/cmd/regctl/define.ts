/**
 * How the commands of regctl are declared, and the flags that all of them take.
 *
 * @module
 */
import type { Log } from "../../base/log.ts";
import { commandsWith, type DefineCommand } from "../../cli/command.ts";
import type { FlagValues } from "../../cli/flags.ts";
import { logFlags } from "../../cli/log_flags.ts";

/** The flags that every command of regctl takes. */
export const GLOBALS = {
  host: {
    kind: "list",
    value: "SETTINGS",
    summary:
      "Registry hosts to add (reg=registry,user=username,pass=password,tls=enabled)",
  },
  ...logFlags("WARN"),
  retries: {
    kind: "integer",
    value: "N",
    summary: "Times to try a failed request again",
  },
  timeout: {
    kind: "duration",
    value: "DURATION",
    summary: "How long a registry may be silent, such as 30s or 5m",
  },
  "user-agent": {
    kind: "text",
    value: "TEXT",
    summary: "Override user agent",
  },
} as const;

/** The values of {@linkcode GLOBALS}. */
export type Globals = FlagValues<typeof GLOBALS>;

/** The call of any command of regctl. */
export interface RegctlCall {
  /** Its flags. */
  readonly flags: Globals & { readonly "dry-run"?: boolean };
  /** Where records go. */
  readonly log: Log;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
}

/** Declares a command of regctl. */
export const defineCommand: DefineCommand<typeof GLOBALS> = commandsWith(
  GLOBALS,
);
