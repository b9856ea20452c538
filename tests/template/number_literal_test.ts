import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  parseFloatLiteral,
  parseNumber,
} from "../../src/template/number_literal.ts";

Deno.test("parseNumber() reads integers in any base", () => {
  for (
    const [text, value] of [
      ["0x_1F", 31n],
      ["0b101", 5n],
      ["0o17", 15n],
      ["017", 15n],
      ["1_000", 1000n],
      ["-42", -42n],
    ] as const
  ) {
    const number = parseNumber(text, "number");
    strictEqual(typeof number === "string" ? number : number.int, value);
  }
});

Deno.test("parseNumber() gives each type that can hold the number", () => {
  const number = parseNumber("1e3", "number");
  deepStrictEqual(number, {
    text: "1e3",
    float: 1000,
    int: 1000n,
    uint: 1000n,
  });
  const large = parseNumber("18446744073709551615", "number");
  deepStrictEqual(large, {
    text: "18446744073709551615",
    int: undefined,
    uint: 2n ** 64n - 1n,
    float: 2 ** 64,
  });
});

Deno.test("parseNumber() reads runes and complex numbers", () => {
  const rune = parseNumber("'\\n'", "rune");
  strictEqual(typeof rune === "string" ? rune : rune.int, 10n);
  const complex = parseNumber("1.5-2i", "complex");
  deepStrictEqual(typeof complex === "string" ? complex : complex.complex, {
    re: 1.5,
    im: -2,
  });
});

Deno.test("parseNumber() refuses what Go refuses", () => {
  strictEqual(
    parseNumber("99999999999999999999", "number"),
    'integer overflow: "99999999999999999999"',
  );
  strictEqual(parseNumber("1__0", "number"), 'illegal number syntax: "1__0"');
  strictEqual(
    parseNumber("'ab'", "rune"),
    "malformed character constant: 'ab'",
  );
});

Deno.test("parseFloatLiteral() rounds hexadecimal floats once", () => {
  strictEqual(parseFloatLiteral("0x1p-2"), 0.25);
  strictEqual(parseFloatLiteral("0x1.fffffffffffff8p0"), 2);
  strictEqual(parseFloatLiteral("0x1p-1074"), 5e-324);
  strictEqual(parseFloatLiteral("0x1p1024"), undefined);
  strictEqual(parseFloatLiteral("0x1"), undefined);
});
