import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  alignRows,
  annotationRows,
  BLANK,
  humanSize,
} from "../../src/view/aligned.ts";

Deno.test("alignRows() pads labels by code points, before empty values too", () => {
  strictEqual(
    alignRows([["Name:", "a"], BLANK, ["  Größe:", "b"]]),
    "Name:    a\n         \n  Größe: b\n",
  );
  strictEqual(alignRows([]), "");
});

Deno.test("humanSize() has three digits after the point", () => {
  deepStrictEqual([209, 999, 1000, 2_746_000, 3.2e12].map(humanSize), [
    "209.000B",
    "999.000B",
    "1.000kB",
    "2.746MB",
    "3.200TB",
  ]);
});

Deno.test("annotationRows() sorts, and gives nothing for nothing", () => {
  deepStrictEqual(annotationRows(new Map([["b", "2"], ["a", "1"]]), "  "), [
    ["  Annotations:", ""],
    ["    a:", "1"],
    ["    b:", "2"],
  ]);
  deepStrictEqual(annotationRows(new Map(), ""), []);
});
