/**
 * The one timer of the project.
 *
 * @module
 */

/** Options for {@linkcode sleep}. */
export interface SleepOptions {
  /** Ends the wait at once; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The longest delay that a platform timer takes, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * Waits for `ms` milliseconds, or until the signal aborts.
 *
 * @example
 * ```ts
 * import { rejects } from "node:assert/strict";
 * await sleep(1);
 * await rejects(sleep(60_000, { signal: AbortSignal.abort(new Error("stop")) }), /stop/);
 * ```
 */
export async function sleep(
  ms: number,
  options: SleepOptions = {},
): Promise<void> {
  const { signal } = options;
  signal?.throwIfAborted();
  for (let left = ms; left > 0; left -= LONGEST) {
    await once(Math.min(left, LONGEST), signal);
  }
}

function once(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
