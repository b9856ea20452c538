/**
 * Tries again what may go better the next time.
 *
 * @module
 */
import { backoff, retryAfter } from "../../base/backoff.ts";
import { isAbort, isRegError, messageOf } from "../../base/errors.ts";
import { type Log, silent } from "../../base/log.ts";
import { sleep, type SleepOptions } from "../../base/sleep.ts";
import type { Layer } from "../core.ts";
import { networkReason } from "./network_error.ts";
import { HttpError } from "./response_error.ts";

/** Options for {@linkcode retry}. */
export interface RetryOptions {
  /** How often to try again after the first attempt. @default {5} */
  readonly retries?: number | undefined;
  /** The wait before the second attempt, in milliseconds; it doubles then. @default {200} */
  readonly firstWaitMs?: number | undefined;
  /** Told about each wait. */
  readonly log?: Log | undefined;
  /** Waits. @default {sleep} */
  readonly wait?:
    | ((ms: number, options?: SleepOptions) => Promise<void>)
    | undefined;
}

/** The longest wait that a server may ask for, in milliseconds: what is longer is the user's to decide. */
const LONGEST = 15 * 60_000;

/** The statuses that a later attempt may not see. */
const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);

/** Tells whether the same request may go better a little later. */
export function isTransient(error: unknown): boolean {
  if (error instanceof HttpError) return TRANSIENT.has(error.status);
  // No wait makes a server's certificate another one, or http into https.
  const reason = networkReason(error);
  return isRegError(error, "network", "timeout") && !isAbort(error) &&
    reason !== "certificate" && reason !== "plain";
}

/** How long to wait after a failed attempt, in milliseconds. */
export function waitAfter(
  error: unknown,
  attempt: number,
  firstWaitMs: number = 200,
): number {
  const asked = error instanceof HttpError
    ? retryAfter(error.headers.get("retry-after"))
    : undefined;
  return asked ?? backoff(attempt, { first: firstWaitMs });
}

/**
 * Adds attempts after 408, 429, 500, 502, 503, 504 and failed connections. The
 * wait doubles, unless the server says how long in `Retry-After`; no slot is held
 * meanwhile. Requests marked `harmless` are sent once.
 */
export function retry(options: RetryOptions = {}): Layer {
  const { retries = 5, firstWaitMs = 200, log = silent, wait = sleep } =
    options;
  return (next) => async (request) => {
    for (let attempt = 1;; attempt++) {
      try {
        return await next(request);
      } catch (error) {
        request.signal?.throwIfAborted();
        if (request.harmless || attempt > retries || !isTransient(error)) {
          throw error;
        }
        const ms = waitAfter(error, attempt, firstWaitMs);
        if (ms > LONGEST) throw error;
        log.debug("Sleeping for backoff", {
          host: request.registry,
          "wait-ms": ms,
          attempt,
          err: messageOf(error),
        });
        await wait(ms, { signal: request.signal });
      }
    }
  };
}
