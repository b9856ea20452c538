import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { formatNumber } from "../../../src/lua/engine/number.ts";

Deno.test("formatNumber() prints whole numbers in full up to 2^63", () => {
  const numbers = [5, -5, 0, -0, 1e15, 2 ** 53 + 2, -(2 ** 63), 2 ** 63, 1e20];
  deepStrictEqual(numbers.map(formatNumber), [
    "5",
    "-5",
    "0",
    "0",
    "1000000000000000",
    "9007199254740994",
    "-9223372036854775808",
    "9.223372036854776e+18",
    "1e+20",
  ]);
});

// The texts are those of Go's fmt.Println.
Deno.test("formatNumber() prints fractions in Go's shortest form", () => {
  const expected = [
    "1.2345675e+06",
    "123456.5",
    "0.1",
    "1e-05",
    "0.0001",
    "0.00012",
    "1.23456789125e+08",
    "-0.5",
    "9.99999999995e+10",
    "1.5e-10",
    "1e+300",
  ];
  deepStrictEqual(expected.map((text) => formatNumber(Number(text))), expected);
});

Deno.test("formatNumber() gives a text that reads back as the same number", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (n) => strictEqual(Number(formatNumber(n)), n === 0 ? 0 : n),
    ),
  );
});

Deno.test("formatNumber() prints what is no finite number as Lua does", () => {
  deepStrictEqual([1 / 0, -1 / 0, NaN].map(formatNumber), [
    "inf",
    "-inf",
    "nan",
  ]);
});
