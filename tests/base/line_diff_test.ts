import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { lineDiff } from "../../src/base/line_diff.ts";

const lines = (text: string) => text === "" ? [] : text.split("\n");

Deno.test("lineDiff() says nothing of equal texts", () => {
  strictEqual(lineDiff(["a"], ["a"]), "");
});

Deno.test("lineDiff() joins changes that are no further apart than the context", () => {
  const before = lines("1\n2\n3\n4\n5\n6\n7\n8\n9");
  const near = before.map((line) => line === "2" || line === "5" ? "x" : line);
  strictEqual(
    lineDiff(before, near, { context: 2 }),
    "@@ -1,7 +1,7 @@\n  1\n- 2\n+ x\n  3\n  4\n- 5\n+ x\n  6\n  7\n",
  );
  const far = before.map((line) => line === "2" || line === "6" ? "x" : line);
  strictEqual(
    lineDiff(before, far, { context: 2 }),
    "@@ -1,4 +1,4 @@\n  1\n- 2\n+ x\n  3\n  4\n" +
      "@@ -4,5 +4,5 @@\n  4\n  5\n- 6\n+ x\n  7\n  8\n",
  );
  strictEqual(
    lineDiff(before, far, { context: 0 }),
    "@@ -2,1 +2,1 @@\n- 2\n+ x\n@@ -6,1 +6,1 @@\n- 6\n+ x\n",
  );
});

Deno.test("lineDiff() with all context holds both texts", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
  fc.assert(fc.property(text, text, (before, after) => {
    const body = lineDiff(before, after, { context: Infinity }).split("\n")
      .slice(1, -1);
    if (body.length === 0) return deepStrictEqual(before, after);
    const side = (other: string) =>
      body.filter((line) => line[0] !== other).map((line) => line.slice(2));
    deepStrictEqual(side("+"), before);
    deepStrictEqual(side("-"), after);
  }));
});
