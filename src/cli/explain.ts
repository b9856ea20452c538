/**
 * Turns an error into an exit status and the lines that people read. Only this
 * file knows what to advise.
 *
 * @module
 */
import {
  type ErrorCode,
  isAbort,
  isRegError,
  messageOf,
} from "../base/errors.ts";
import type { ErrorStyle } from "./command.ts";
import { Interrupted } from "./io.ts";
import { hintFor } from "./hints.ts";
import { safeText } from "./safe_text.ts";

/** The exit status of the `explained` tools: 2 where the request made no sense. */
const EXITS = {
  usage: 2,
  config: 2,
  reference: 2,
  not_found: 1,
  unauthorized: 1,
  denied: 1,
  rate_limited: 1,
  unsupported: 1,
  mismatch: 1,
  invalid: 1,
  limit: 1,
  network: 1,
  timeout: 1,
  http: 1,
  file: 1,
  script: 1,
  partial: 1,
  internal: 1,
} as const satisfies Record<ErrorCode, number>;

/** 128 and the number of the signal, as shells say it. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

/** What to tell the user, and the shell. */
export interface Explanation {
  /** The exit status. */
  readonly exit: number;
  /** What went wrong; empty where there is nothing to say. */
  readonly message: string;
  /** What to do next, one line. */
  readonly hint?: string | undefined;
}

/** Options for {@linkcode explain}. */
export interface ExplainOptions {
  /** See {@linkcode ErrorStyle}. @default {"explained"} */
  readonly style?: ErrorStyle;
  /** The name of the tool, for hints. @default {"regctl"} */
  readonly tool?: string;
  /** What the tool itself advises. */
  readonly advice?: string | undefined;
}

/** Explains an error. */
export function explain(
  error: unknown,
  options: ExplainOptions = {},
): Explanation {
  const { style = "explained", tool = "regctl", advice } = options;
  if (error instanceof Interrupted) {
    const exit = style === "explained" ? INTERRUPTED[error.signal] : 1;
    return { exit, message: "" };
  }
  if (isAbort(error)) return { exit: 1, message: "" };
  const message = safeText(messageOf(error));
  if (style === "raw") return { exit: 1, message };
  const exit = isRegError(error) ? EXITS[error.code] : 1;
  return { exit, message, hint: hintFor(error, tool) ?? advice };
}

/** The error and what led to it, with stacks, for `-v debug`. */
export function causeChain(error: unknown): string {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  let at = error;
  while (at !== undefined && !seen.has(at) && seen.size < 20) {
    seen.add(at);
    lines.push(
      `${lines.length === 0 ? "" : "caused by: "}${
        at instanceof Error ? at.stack ?? at.message : String(at)
      }`,
    );
    at = at instanceof Error ? at.cause : undefined;
  }
  return safeText(lines.join("\n"));
}
