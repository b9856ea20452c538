import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { normalise } from "../../src/cli/normalise.ts";
import { echo } from "./sample_tool.ts";

Deno.test("normalise() gives the same for every way to write a flag", () => {
  const value = fc.string({ minLength: 1 }).filter((text) =>
    !text.startsWith("=")
  );
  fc.assert(fc.property(value, fc.string(), (value, operand) => {
    const end = ["--", operand];
    const want = { flags: [`--name=${value}`], operands: [operand] };
    for (
      const words of [
        ["--name", value],
        [`--name=${value}`],
        ["-n", value],
        [`-n${value}`],
        [`-n=${value}`],
      ]
    ) deepStrictEqual(normalise([...words, ...end], echo.flags), want);
  }));
});

Deno.test("normalise() takes a single dash for an operand", () => {
  deepStrictEqual(normalise(["-", "-qy", "x"], echo.flags), {
    flags: ["--quiet=true", "--yes=true"],
    operands: ["-", "x"],
  });
});
