/**
 * A counting gate whose waiters can have a priority and can give up.
 *
 * @module
 */

/** Options for {@linkcode Semaphore.acquire}. */
export interface AcquireOptions {
  /** Stops waiting; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Waiters with a lower number go first; equal ones in order of arrival. @default {0} */
  readonly priority?: number | undefined;
}

interface Waiter {
  readonly priority: number;
  readonly admit: () => void;
}

/**
 * Lets at most `limit` holders in at a time.
 *
 * @example
 * ```ts
 * const gate = new Semaphore(2);
 * {
 *   using _slot = await gate.acquire();
 * } // free again
 * ```
 */
export class Semaphore {
  readonly #limit: number;
  readonly #waiters: Waiter[] = [];
  #held = 0;

  /**
   * Makes a gate.
   *
   * @param limit How many may hold it at a time, at least 1.
   */
  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  /** How many hold the gate now. */
  get held(): number {
    return this.#held;
  }

  /** How many wait now. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /** Waits for a slot. Dispose what it returns, once or more often, to free it. */
  async acquire(options: AcquireOptions = {}): Promise<Disposable> {
    const { signal, priority = 0 } = options;
    signal?.throwIfAborted();
    if (this.#held < this.#limit) this.#held++;
    else await this.#wait(priority, signal);
    return this.#slot();
  }

  #wait(priority: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      const admit = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const waiter: Waiter = { priority, admit };
      const at = this.#waiters.findIndex((other) => other.priority > priority);
      this.#waiters.splice(at < 0 ? this.#waiters.length : at, 0, waiter);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  #slot(): Disposable {
    let open = true;
    return {
      [Symbol.dispose]: () => {
        if (!open) return;
        open = false;
        // The slot goes to the next waiter as it is: nobody can slip in between.
        const next = this.#waiters.shift();
        if (next) next.admit();
        else this.#held--;
      },
    };
  }
}
