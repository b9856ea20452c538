/**
 * Waiting for a client, but not for ever.
 *
 * @module
 */
import { sleep } from "../base/sleep.ts";
import { ApiError } from "./api_error.ts";

/** Waits for one thing after the other, each for a limited time. */
export class Patience implements Disposable {
  readonly #idleMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #stop = new AbortController();
  readonly #abort = () => this.#end(this.#signal?.reason);
  /** When the current wait began; none while what came is being used. */
  #since: number | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  #ended: { readonly reason: unknown } | undefined;

  /**
   * Begins to be patient.
   *
   * @param idleMs The longest wait for one thing, in milliseconds.
   * @param signal Ends all patience at once.
   */
  constructor(idleMs: number, signal?: AbortSignal) {
    this.#idleMs = idleMs;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#abort, { once: true });
    if (signal?.aborted) this.#abort();
    void this.#watch().catch(() => {});
  }

  /**
   * Waits for one thing. What it waited for goes on, unheard, when patience ends.
   *
   * @throws {ApiError} 408 where it took too long; the signal's reason.
   */
  wait<T>(thing: Promise<T>): Promise<T> {
    this.#since = performance.now();
    // Not `Promise.race`: that would hang each of many things on one promise.
    return new Promise<T>((resolve, reject) => {
      thing.then(resolve, reject);
      if (this.#ended) reject(this.#ended.reason);
      else this.#reject = reject;
    }).finally(() => this.#since = undefined);
  }

  /** Stops its clock. */
  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#signal?.removeEventListener("abort", this.#abort);
  }

  /** One timer for all that is waited for, not one for each. */
  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    while (!this.#ended) {
      const now = performance.now();
      const left = (this.#since ?? now) + this.#idleMs - now;
      if (left > 0) await sleep(left, { signal });
      else this.#end(tooSlow(this.#idleMs));
    }
  }

  #end(reason: unknown): void {
    this.#ended ??= { reason };
    this.#reject?.(reason);
  }
}

function tooSlow(idleMs: number): ApiError {
  return new ApiError(
    "BLOB_UPLOAD_INVALID",
    `No bytes came for ${idleMs} ms`,
    // The rest of the content may never come: the connection is of no more use.
    { status: 408, headers: { connection: "close" } },
  );
}
