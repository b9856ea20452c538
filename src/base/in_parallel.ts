/**
 * Work on many things, some of them at a time.
 *
 * @module
 */

/** Options for {@linkcode inParallel}. */
export interface InParallelOptions {
  /** How many items are worked on at a time, at least 1. */
  readonly limit: number;
}

/**
 * Works on items side by side, begun in their order. After a failure no other one
 * is begun, and what is under way is waited for.
 *
 * @throws What was thrown first.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * const done: number[] = [];
 * const work = async (item: number) => {
 *   await Promise.resolve();
 *   done.push(item);
 * };
 * await inParallel([1, 2, 3], work, { limit: 2 });
 * deepStrictEqual(done, [1, 2, 3]);
 * ```
 */
export async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<unknown>,
  options: InParallelOptions,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items
    ? items[Symbol.asyncIterator]()
    : items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async () => {
    try {
      while (failures.length === 0) {
        const next = await iterator.next();
        if (next.done) return;
        await work(next.value);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(
    Array.from({ length: Math.max(1, options.limit) }, worker),
  );
  if (failures.length === 0) return;
  await iterator.return?.();
  throw failures[0];
}
