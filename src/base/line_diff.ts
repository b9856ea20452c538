/**
 * The difference between two texts, line by line.
 *
 * @module
 */
import { diffArrays } from "diff";

/** Options for {@linkcode lineDiff}. */
export interface LineDiffOptions {
  /** How many equal lines are shown around a change; `Infinity` for all. @default {3} */
  readonly context?: number;
}

/** A line, and whether it is of one text alone. */
interface Edit {
  readonly sign: " " | "-" | "+";
  readonly line: string;
}

/**
 * Shows hunks: `@@ -START,COUNT +START,COUNT @@`, then lines with two
 * characters before them. Two changes share a hunk where no more lines than
 * `context` are between them; so neighbouring hunks can repeat lines.
 *
 * @returns Empty where the texts are equal; else with a line end.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(lineDiff(["a", "b"], ["a", "c"]), "@@ -1,2 +1,2 @@\n  a\n- b\n+ c\n");
 * ```
 */
export function lineDiff(
  before: readonly string[],
  after: readonly string[],
  options: LineDiffOptions = {},
): string {
  const { context = 3 } = options;
  const edits = editsOf(before, after);
  return groups(edits, context)
    .map(([first, last]) => hunk(edits, first, last, context))
    .join("");
}

function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  return diffArrays([...before], [...after]).flatMap(
    ({ value, added, removed }) => {
      const sign = added ? "+" : removed ? "-" : " ";
      return value.map((line): Edit => ({ sign, line }));
    },
  );
}

/** The first and the last edit of each hunk, without its context. */
function groups(edits: readonly Edit[], context: number): [number, number][] {
  const found: [number, number][] = [];
  edits.forEach(({ sign }, at) => {
    if (sign === " ") return;
    const last = found.at(-1);
    if (last && at - last[1] - 1 <= context) last[1] = at;
    else found.push([at, at]);
  });
  return found;
}

function hunk(
  edits: readonly Edit[],
  ...[first, last, context]: readonly [number, number, number]
): string {
  const from = Math.max(0, first - context);
  const shown = edits.slice(from, last + 1 + context);
  const above = edits.slice(0, from);
  const count = (list: readonly Edit[], other: "+" | "-") =>
    list.filter(({ sign }) => sign !== other).length;
  const range = (other: "+" | "-") =>
    `${count(above, other) + 1},${count(shown, other)}`;
  return `@@ -${range("+")} +${range("-")} @@\n${
    shown.map(({ sign, line }) => `${sign} ${line}\n`).join("")
  }`;
}
