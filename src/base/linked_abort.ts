/**
 * A signal that aborts with another one, or for a reason of its own.
 *
 * @module
 */
import { sleep } from "./sleep.ts";

/**
 * Aborts with its parent, when it is told to, or after a time, until it is
 * disposed. `AbortSignal.any` would do, but leaves something behind with a
 * parent that lives for months.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * const parent = new AbortController();
 * using linked = new LinkedAbort(parent.signal);
 * parent.abort(new Error("stop"));
 * strictEqual(linked.signal.reason, parent.signal.reason);
 * ```
 */
export class LinkedAbort implements Disposable {
  readonly #controller = new AbortController();
  readonly #timers = new AbortController();
  readonly #parent: AbortSignal | undefined;
  readonly #follow: () => void = () => this.abort(this.#parent?.reason);

  /** Links a new signal to its parent, where it has one. */
  constructor(parent?: AbortSignal) {
    this.#parent = parent;
    if (parent?.aborted) this.#follow();
    else parent?.addEventListener("abort", this.#follow, { once: true });
  }

  /** The signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts it, and not its parent. */
  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }

  /** Aborts it after a time, in milliseconds. */
  abortAfter(ms: number, reason: unknown): void {
    sleep(ms, { signal: this.#timers.signal })
      // What rejects is the end of the wait: it was disposed.
      .then(() => this.abort(reason), () => {});
  }

  /** Lets go of the parent, and of the time. */
  [Symbol.dispose](): void {
    this.#timers.abort();
    this.#parent?.removeEventListener("abort", this.#follow);
  }
}
