import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { fixedZone, unixFrom, UTC } from "../../src/template/calendar.ts";
import {
  formatTime,
  isFraction,
  nextChunk,
} from "../../src/template/time_layout.ts";

const seconds = unixFrom({
  year: 2024,
  month: 2,
  day: 9,
  hour: 15,
  minute: 4,
  second: 5,
});
const at = { seconds, nanoseconds: 12_000_000, zone: UTC };

Deno.test("formatTime() writes every element", () => {
  for (
    const [layout, text] of [
      ["Mon Monday Jan January Month", "Fri Friday Feb February Month"],
      ["2006 06 01 1 02 2 _2 002 __2", "2024 24 02 2 09 9  9 040  40"],
      ["15 3 03 4 04 5 05 PM pm", "15 3 03 4 04 5 05 PM pm"],
      [".000 .999 ,000000 .00 .9", ".012 .012 ,012000 .01 "],
      ["MST Z07:00 -0700 _2006", "UTC Z +0000 _2024"],
      ["20060102150405", "20240209150405"],
    ]
  ) strictEqual(formatTime(at, layout ?? ""), text);
  const zone = fixedZone("", -(5 * 3600 + 30 * 60 + 7));
  strictEqual(
    formatTime({ ...at, zone }, "MST -07 -07:00 Z070000 -07:00:00"),
    "-0530 -05 -05:30 -053007 -05:30:07",
  );
});

Deno.test("nextChunk() finds the first element", () => {
  deepStrictEqual(nextChunk("a_2006b"), {
    prefix: "a_",
    element: "2006",
    rest: "b",
  });
  deepStrictEqual(nextChunk("Janet"), {
    prefix: "Janet",
    element: "",
    rest: "",
  });
  deepStrictEqual([".000", ",99", ".09"].map(isFraction), [true, true, false]);
});
