import { strictEqual } from "node:assert/strict";
import { goTime } from "../../../src/lua/api/go_time.ts";

Deno.test("goTime() prints times as Go does", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["2021-01-01T00:00:00Z", "2021-01-01 00:00:00 +0000 UTC"],
    [
      "2021-05-06T07:08:09.123456789Z",
      "2021-05-06 07:08:09.123456789 +0000 UTC",
    ],
    ["2021-05-06T07:08:09.500Z", "2021-05-06 07:08:09.5 +0000 UTC"],
    ["2021-05-06T07:08:09+02:00", "2021-05-06 07:08:09 +0200 +0200"],
    ["2021-05-06T07:08:09-03:30", "2021-05-06 07:08:09 -0330 -0330"],
    ["no time", "no time"],
  ];
  for (const [text, expected] of cases) strictEqual(goTime(text), expected);
});
