import { strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { LimitedBudget } from "../../src/template/budget.ts";
import { sprint, sprintf, sprintln } from "../../src/template/printf.ts";
import { valueOf } from "../../src/template/value.ts";

const format = (text: string, ...hosts: readonly unknown[]) =>
  sprintf(text, hosts.map(valueOf));

Deno.test("sprint() puts spaces where neither side is a string", () => {
  strictEqual(
    sprint([1, 2, "a", "b", 3, null, true].map(valueOf)),
    "1 2ab3 <nil> true",
  );
  strictEqual(sprintln([1, "a"].map(valueOf)), "1 a\n");
});

Deno.test("sprintf() takes widths and precisions from operands", () => {
  strictEqual(
    format("%*d|%-*d|%.*f", 5, 42, 4, 7, 2, 3.14159),
    "   42|7   |3.14",
  );
  strictEqual(
    format("%[2]d %[1]d|%[3]*.[2]*[1]f|", 12.5, 2, 6),
    "2 %!d(float64=12.5)| 12.50|",
  );
});

Deno.test("sprintf() says what is wrong with a format", () => {
  strictEqual(format("%d"), "%!d(MISSING)");
  strictEqual(format("%"), "%!(NOVERB)");
  strictEqual(format("%[5]d", 1), "%!d(BADINDEX)");
  strictEqual(format("%*d", "a", 1), "%!(BADWIDTH)1");
  strictEqual(format("%d", 1, "x", null), "1%!(EXTRA string=x, <nil>)");
  strictEqual(format("%[]d", 1), "%!d(BADINDEX)");
  strictEqual(format("%!", 1), "%!!(int64=1)");
});

Deno.test("sprintf() never fails, whatever the format", () => {
  const piece = fc.constantFrom(
    "%",
    "#",
    "+",
    "-",
    " ",
    "0",
    "*",
    ".",
    "[1]",
    "[",
    "]",
    "9",
    "12",
    "d",
    "s",
    "v",
    "q",
    "x",
    "T",
    "U",
    "c",
    "w",
    "z",
    "\xff",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (parts) => {
      strictEqual(typeof format(parts.join(""), 1, "a", null, [2.5]), "string");
    }),
    { numRuns: 1000 },
  );
});

Deno.test("sprintf() stops where the text becomes too long", () => {
  throws(
    () => sprintf("%1000d", [valueOf(1)], new LimitedBudget({ maxBytes: 100 })),
    { code: "limit" },
  );
});
