/**
 * Waiting for what cannot be cancelled.
 *
 * @module
 */

/**
 * Waits for a promise, or until the signal aborts. The work itself goes on;
 * what becomes of it then is nobody's concern.
 *
 * @throws The signal's reason, or what the promise rejects with.
 *
 * @example
 * ```ts
 * import { rejects, strictEqual } from "node:assert/strict";
 * strictEqual(await untilAborted(Promise.resolve(1), undefined), 1);
 * const never = new Promise(() => {});
 * await rejects(untilAborted(never, AbortSignal.abort(new Error("stop"))), /stop/);
 * ```
 */
export async function untilAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (!signal) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, work]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
