import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { formatFloat } from "../../src/template/float.ts";

Deno.test("formatFloat() writes as few digits as tell the float apart", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (value) => {
        for (const verb of ["e", "f", "g"] as const) {
          strictEqual(Number(formatFloat(value, { verb })), value);
        }
      },
    ),
  );
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = formatFloat(value, { verb: "g", bits: 32 });
      strictEqual(Math.fround(Number(text)), value);
    }),
  );
});

Deno.test("formatFloat() rounds what lies half-way to the even digit", () => {
  const fixed = (value: number, precision: number) =>
    formatFloat(value, { verb: "f", precision });
  strictEqual(fixed(0.5, 0), "0");
  strictEqual(fixed(1.5, 0), "2");
  strictEqual(fixed(2.5, 0), "2");
  strictEqual(fixed(2.675, 2), "2.67");
  strictEqual(fixed(9.995, 2), "9.99");
  strictEqual(fixed(99.5, 0), "100");
});

Deno.test("formatFloat() writes all digits that are asked for", () => {
  strictEqual(
    formatFloat(0.1, { verb: "f", precision: 30 }),
    "0.100000000000000005551115123126",
  );
  strictEqual(
    formatFloat(5e-324, { verb: "e", precision: 20 }),
    "4.94065645841246544177e-324",
  );
});

Deno.test("formatFloat() switches to exponents as %g does", () => {
  const shown = [100000, 1e6, 123456789, 0.0001, 0.00001, 0, -0, Infinity, NaN]
    .map((value) => formatFloat(value, { verb: "g" }));
  strictEqual(
    shown.join(" "),
    "100000 1e+06 1.23456789e+08 0.0001 1e-05 0 -0 +Inf NaN",
  );
  strictEqual(formatFloat(0.1, { verb: "G", precision: 3 }), "0.1");
});

Deno.test("formatFloat() writes binary and hexadecimal exponents", () => {
  strictEqual(formatFloat(3.5, { verb: "x" }), "0x1.cp+01");
  strictEqual(formatFloat(3.5, { verb: "X", precision: 0 }), "0X1P+02");
  strictEqual(formatFloat(1, { verb: "b" }), "4503599627370496p-52");
  strictEqual(formatFloat(0, { verb: "x" }), "0x0p+00");
});
