/**
 * One running promise per key.
 *
 * @module
 */

/**
 * Shares the promise of work that is already under way. A result is not kept:
 * the next call after the end starts anew.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * const flights = new SingleFlight<string, number>();
 * let runs = 0;
 * const work = () => Promise.resolve(++runs);
 * await Promise.all([flights.run("a", work), flights.run("a", work)]);
 * strictEqual(runs, 1);
 * ```
 */
export class SingleFlight<Key, Value> {
  readonly #running = new Map<Key, Promise<Value>>();

  /** Joins the work of `key` that is under way, or starts `work`. */
  run(key: Key, work: () => Promise<Value>): Promise<Value> {
    const running = this.#running.get(key);
    if (running) return running;
    const started = work().finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }
}
