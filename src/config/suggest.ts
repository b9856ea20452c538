/**
 * The word that somebody probably meant.
 *
 * @module
 */

/** Words longer than this are not compared: the time grows with the square. */
const LONGEST = 64;

/**
 * The candidate nearest to a misspelt word: the same but for its case, or at
 * most two edits away (one in words of up to four letters).
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(suggest("tagz", ["tags", "type"]), "tags");
 * strictEqual(suggest("hello", ["tags", "type"]), undefined);
 * ```
 */
export function suggest(
  word: string,
  candidates: Iterable<string>,
): string | undefined {
  if (word.length > LONGEST) return undefined;
  let best: string | undefined;
  let distance = word.length <= 4 ? 2 : 3;
  for (const candidate of candidates) {
    const d = edits(word.toLowerCase(), candidate.toLowerCase());
    if (d < distance) [best, distance] = [candidate, d];
  }
  return best;
}

/** Insertions, deletions, changes and swaps of neighbours between two words. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] &&
        a[i - 2] === b[j - 1];
      next[j] = Math.min(
        at(next, j - 1) + 1,
        at(row, j) + 1,
        at(row, j - 1) + (same ? 0 : 1),
        swapped ? at(before, j - 2) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
