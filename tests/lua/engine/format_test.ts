import { match, strictEqual } from "node:assert/strict";
import { failure, printed } from "../run.ts";

const format = (args: string) => printed(`io.write(string.format(${args}))`);

// The texts are those of C's printf on a 64-bit system.
Deno.test("string.format prints whole numbers with flags, width and precision", () => {
  const cases: readonly (readonly [string, string])[] = [
    [`"%d|%5d|%-5d|%05d", 1, 2, 3, 4`, "1|    2|3    |00004"],
    [`"%+d|% d|%.3d|%5.3d", 1, 2, 3, 4`, "+1| 2|003|  004"],
    [`"%d %d", 3000000000, -2 ^ 53`, "3000000000 -9007199254740992"],
    [`"%d %i", 1.9, -1.9`, "1 -1"],
    [`"%x|%X|%#x|%o|%#o", 255, 255, 255, 8, 8`, "ff|FF|0xff|10|010"],
    [`"%u", -1`, "18446744073709551615"],
    [`"%08x|%#06x", 255, 255`, "000000ff|0x00ff"],
    [`"%.0d|", 0`, "|"],
  ];
  for (const [args, expected] of cases) {
    strictEqual(format(args), expected, args);
  }
});

Deno.test("string.format prints fractions, characters, strings and quotes", () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      `"%.2f|%g|%e|%8.3f", 1.005, 1e20, 12345.678, 3.14159`,
      "1.00|1e+20|1.234568e+04|   3.142",
    ],
    [`"%G|%.0f|%.0f", 1e-10, 0.5, 1.5`, "1E-10|0|2"],
    [`"%c%c", 76, 117`, "Lu"],
    [`"%s|%5s|%-5s|%.2s", "a", "b", "c", "def"`, "a|    b|c    |de"],
    [`"%s %s %s", nil, true, 1e15`, "nil true 1000000000000000"],
    [`"%q", 'a"b\\\\c\\nd\\0'`, `"a\\"b\\\\c\\\nd\\000"`],
    [`"100%%"`, "100%"],
    [`"%s", ("x"):rep(300)`, "x".repeat(300)],
  ];
  for (const [args, expected] of cases) {
    strictEqual(format(args), expected, args);
  }
});

Deno.test("string.format refuses what it cannot print", () => {
  match(failure(`string.format("%y", 1)`), /invalid option '%y' to 'format'/);
  match(
    failure(`string.format("%d", "x")`),
    /bad argument #2 to 'format' \(number expected, got string\)/,
  );
  match(failure(`string.format("%s")`), /bad argument #2 to 'format'/);
  match(failure(`string.format("%123d", 1)`), /too long/);
  match(failure(`string.format("%")`), /invalid option/);
});
