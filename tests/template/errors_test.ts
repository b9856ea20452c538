import { deepStrictEqual } from "node:assert/strict";
import { TemplateError } from "../../src/template/errors.ts";

Deno.test("TemplateError has Go's message and a code by stage", () => {
  const parse = new TemplateError("parse", { line: 2, detail: "d" }, {
    root: "out",
  });
  const exec = new TemplateError("exec", {
    line: 1,
    column: 3,
    template: "t",
    context: ".x",
    detail: "d",
  }, { root: "out" });
  deepStrictEqual(
    [parse, exec].map(({ code, message }) => [code, message]),
    [["usage", "template: out:2: d"], [
      "script",
      'template: out:1:3: executing "t" at <.x>: d',
    ]],
  );
});
