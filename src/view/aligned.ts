/**
 * Lines of a label and a value, the values one below the other.
 *
 * @module
 */

/** A line: the label with its indentation, and the value. */
export type Row = readonly [label: string, value: string];

/** Pads each label to the longest of all, and one more; also where no value follows. */
export function alignRows(rows: readonly Row[]): string {
  const width = rows.reduce((max, [label]) => Math.max(max, size(label)), 0);
  return rows.map(([label, value]) =>
    `${label}${" ".repeat(width - size(label) + 1)}${value}\n`
  ).join("");
}

/** How many code points a text has: what upstream counts as its width. */
function size(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** An empty line among aligned ones. */
export const BLANK: Row = ["", ""];

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

/** A size in decimal units with three digits after the point, such as `2.746MB`. */
export function humanSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 1000 && unit < UNITS.length - 1; unit++) size /= 1000;
  return `${size.toFixed(3).padStart(5)}${UNITS[unit]}`;
}

/** The rows of annotations, sorted by key. */
export function annotationRows(
  annotations: ReadonlyMap<string, string>,
  indent: string,
): Row[] {
  if (annotations.size === 0) return [];
  const sorted = [...annotations].sort(([a], [b]) => a < b ? -1 : 1);
  return [
    [`${indent}Annotations:`, ""],
    ...sorted.map(([key, value]): Row => [`${indent}  ${key}:`, value]),
  ];
}
