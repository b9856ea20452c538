import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { indentJson } from "../../src/base/json_indent.ts";

Deno.test("indentJson() prints what JSON.stringify() prints with an indent", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    strictEqual(
      indentJson(JSON.stringify(value)),
      JSON.stringify(value, null, 2),
    );
    strictEqual(
      indentJson(JSON.stringify(value, null, "\t")),
      JSON.stringify(value, null, 2),
    );
  }));
});

Deno.test("indentJson() keeps numbers, escapes and keys as they were written", () => {
  strictEqual(
    indentJson(String.raw`{"b":1.50,"a":"\u003c\"{,","b":1e400}`),
    '{\n  "b": 1.50,\n  "a": "\\u003c\\"{,",\n  "b": 1e400\n}',
  );
});
