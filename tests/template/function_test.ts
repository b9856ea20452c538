import { strictEqual } from "node:assert/strict";
import {
  INT,
  intValue,
  renderTemplate,
  sliceOf,
  templateFunction,
} from "../../src/template/mod.ts";

Deno.test("templateFunction() declares functions that templates can call", () => {
  const sum = templateFunction([sliceOf(INT)], INT, {
    variadic: true,
    call: (args) =>
      intValue(args.reduce((sum, each) => sum + (each?.int ?? 0n), 0n)),
  });
  const functions = new Map([["sum", sum]]);
  strictEqual(renderTemplate("{{3 | sum 1 2}}", undefined, { functions }), "6");
});
