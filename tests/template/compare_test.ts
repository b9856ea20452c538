import { deepStrictEqual, throws } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import { valueOf } from "../../src/template/value.ts";

const run = (text: string, data?: unknown) =>
  renderTemplate(`{{${text}}}`, valueOf(data));

Deno.test("comparisons follow the kinds of Go", () => {
  deepStrictEqual(
    [
      "eq 1 2 1",
      "ne 1 1",
      "lt 1 2",
      "le 2 2",
      "gt 1.5 1.0",
      'ge "a" "b"',
      "eq nil nil",
      "eq .a nil",
    ].map((text) => run(text, { a: null })),
    ["true", "false", "true", "true", "true", "false", "true", "true"],
  );
});

Deno.test("comparisons refuse kinds that do not go together", () => {
  throws(
    () => run('eq 1 "a"'),
    /incompatible types for comparison: int and string/,
  );
  throws(() => run("lt true false"), /invalid type for comparison/);
  throws(
    () => run("eq . .", ["é"]),
    /non-comparable type \[é\]: \[\]interface \{\}/,
  );
  throws(() => run("eq 1"), /missing argument for comparison/);
});
