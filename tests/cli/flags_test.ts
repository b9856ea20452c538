import { strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { readBoolean, readInteger, readValue } from "../../src/cli/flags.ts";

Deno.test("readInteger() reads Go's forms of any base", () => {
  const cases: [string, number | string][] = [
    ["10", 10],
    ["-10", -10],
    ["+7", 7],
    ["0x10", 16],
    ["0X1f", 31],
    ["0o7", 7],
    ["017", 15],
    ["0b101", 5],
    ["1_000", 1000],
    ["0x_ff", 255],
    ["0", 0],
    ["-0", 0],
    ["", "invalid syntax"],
    ["abc", "invalid syntax"],
    ["1__0", "invalid syntax"],
    ["1_", "invalid syntax"],
    ["_1", "invalid syntax"],
    ["08", "invalid syntax"],
    ["1e3", "invalid syntax"],
    ["1.5", "invalid syntax"],
    ["0x", "invalid syntax"],
    [" 1", "invalid syntax"],
    ["99999999999999999999", "value out of range"],
  ];
  for (const [text, want] of cases) strictEqual(readInteger(text), want, text);
});

Deno.test("readInteger() reads back every safe integer in four bases", () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => {
    const sign = n < 0 ? "-" : "";
    const size = Math.abs(n);
    strictEqual(readInteger(String(n)), n === 0 ? 0 : n);
    for (const [prefix, base] of [["0x", 16], ["0o", 8], ["0b", 2]] as const) {
      strictEqual(
        readInteger(sign + prefix + size.toString(base)),
        n === 0 ? 0 : n,
      );
    }
  }));
});

Deno.test("readBoolean() knows Go's spellings and no others", () => {
  for (const text of ["1", "t", "T", "TRUE", "true", "True"]) {
    strictEqual(readBoolean(text), true);
  }
  for (const text of ["0", "f", "F", "FALSE", "false", "False"]) {
    strictEqual(readBoolean(text), false);
  }
  for (const text of ["", "yes", "tRUE", "constructor"]) {
    strictEqual(readBoolean(text), undefined);
  }
});

Deno.test("readValue() refuses with upstream's text", () => {
  throws(
    () =>
      readValue(
        ["--blob-limit", { kind: "integer", value: "N", summary: "" }],
        "abc",
      ),
    {
      code: "usage",
      message:
        'invalid argument "abc" for "--blob-limit" flag: strconv.ParseInt: parsing "abc": invalid syntax',
    },
  );
  throws(
    () => readValue(["-q, --quiet", { kind: "switch", summary: "" }], "maybe"),
    {
      message:
        'invalid argument "maybe" for "-q, --quiet" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    },
  );
  throws(
    () => readValue(["--t", { kind: "duration", value: "", summary: "" }], "5"),
    {
      message:
        'invalid argument "5" for "--t" flag: time: missing unit in duration "5"',
    },
  );
});
