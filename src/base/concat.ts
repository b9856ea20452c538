/**
 * Bytes put together.
 *
 * @module
 */

/**
 * Puts pieces into one array, in their order.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * const all = concat([new Uint8Array([1]), new Uint8Array([2, 3])]);
 * deepStrictEqual(all, new Uint8Array([1, 2, 3]));
 * ```
 */
export function concat(
  pieces: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(
    pieces.reduce((size, { length }) => size + length, 0),
  );
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
