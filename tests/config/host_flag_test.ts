import { deepStrictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { splitSettings } from "../../src/config/host_flag.ts";

Deno.test("splitSettings() knows quotes, backslashes and bare keys", () => {
  deepStrictEqual(
    splitSettings('reg=a:5000,bare,pass=a"b,c=d"e,user=x\\,y=z,'),
    [
      ["reg", "a:5000"],
      ["bare", ""],
      ["pass", "ab,c=de"],
      ["user", "x,y=z"],
    ],
  );
});

Deno.test("splitSettings() gives back any quoted value", () => {
  fc.assert(fc.property(fc.string(), (value) => {
    const escaped = value.replace(/[\\"]/g, "\\$&");
    deepStrictEqual(splitSettings(`user=u,pass="${escaped}"`), [
      ["user", "u"],
      ["pass", value],
    ]);
  }));
});

Deno.test("splitSettings() refuses what has no end, without repeating it", () => {
  for (const text of ['pass="secret', "pass=secret\\"]) {
    throws(
      () => splitSettings(text),
      (error: Error) => !error.message.includes("secret"),
    );
  }
});
