import { strictEqual } from "node:assert/strict";
import { humanSize } from "../../src/base/human_size.ts";

Deno.test("humanSize() prints decimal units with three decimals", () => {
  const cases: [number, string][] = [
    [0, "0.000B"],
    [209, "209.000B"],
    [999, "999.000B"],
    [1000, "1.000kB"],
    [2_746_123, "2.746MB"],
    [4 * 2 ** 30, "4.295GB"],
    [Number.MAX_SAFE_INTEGER, "9.007PB"],
  ];
  for (const [bytes, text] of cases) strictEqual(humanSize(bytes), text);
});
