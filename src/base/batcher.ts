/**
 * Work that costs the same for many things as for one.
 *
 * @module
 */

/** Options for {@linkcode Batcher.run}. */
export interface BatchOptions {
  /** Stops waiting; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What came of one item of a batch. */
export type Outcome<Result> =
  | { readonly result: Result }
  | { readonly error: unknown };

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly settle: (outcome: Outcome<Result>) => void;
}

/**
 * Gathers items while a batch is being worked on, and works on them together
 * when that is done.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * const sizes: number[] = [];
 * const batcher = new Batcher<number, number>((items) => {
 *   sizes.push(items.length);
 *   return Promise.resolve(items.map((item) => ({ result: item * 2 })));
 * });
 * const all = await Promise.all([1, 2, 3].map((item) => batcher.run(item)));
 * deepStrictEqual(all, [2, 4, 6]);
 * deepStrictEqual(sizes, [1, 2]);
 * ```
 */
export class Batcher<Item, Result> {
  readonly #work: (items: readonly Item[]) => Promise<
    readonly Outcome<Result>[]
  >;
  #waiting: Waiting<Item, Result>[] = [];
  #isRunning = false;

  /**
   * Makes a batcher.
   *
   * @param work Gives an outcome for each item, in their order. Where it
   * rejects, all items of the batch do.
   */
  constructor(
    work: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>,
  ) {
    this.#work = work;
  }

  /**
   * Adds an item to the next batch, and waits for what comes of it. An abort
   * takes an item that still waits away; one that is being worked on goes on.
   */
  run(item: Item, options: BatchOptions = {}): Promise<Result> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome<Result>) => {
        signal?.removeEventListener("abort", leave);
        if ("error" in outcome) reject(outcome.error);
        else resolve(outcome.result);
      };
      const waiting = { item, settle };
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const outcomes = await this.#outcomes(batch.map(({ item }) => item));
      for (const [at, { settle }] of batch.entries()) {
        settle(outcomes[at] ?? { error: new Error("No outcome") });
      }
    }
    this.#isRunning = false;
  }

  async #outcomes(
    items: readonly Item[],
  ): Promise<readonly Outcome<Result>[]> {
    try {
      return await this.#work(items);
    } catch (error) {
      return items.map(() => ({ error }));
    }
  }
}
