import { strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  formatDuration,
  parseDuration,
  toMilliseconds,
} from "../../src/base/duration.ts";

const PRINTED = {
  "0": "0s",
  "60s": "1m0s",
  "36h": "36h0m0s",
  "1500ms": "1.5s",
  "500ms": "500ms",
  "1h1h": "2h0m0s",
  ".5m": "30s",
  "1.5h": "1h30m0s",
  "-2ms": "-2ms",
  "1ns": "1ns",
  "1500ns": "1.5µs",
  "1us": "1µs",
  "2562047h47m16.854775807s": "2562047h47m16.854775807s",
};

for (const [text, expected] of Object.entries(PRINTED)) {
  Deno.test(`parseDuration() and formatDuration() turn ${text} into ${expected}`, () => {
    strictEqual(formatDuration(parseDuration(text)), expected);
  });
}

Deno.test("parseDuration() refuses with Go's texts", () => {
  throws(() => parseDuration(""), { message: 'time: invalid duration ""' });
  throws(() => parseDuration("x"), { message: 'time: invalid duration "x"' });
  throws(() => parseDuration("60"), {
    message: 'time: missing unit in duration "60"',
  });
  throws(() => parseDuration("1d"), {
    message: 'time: unknown unit "d" in duration "1d"',
  });
  throws(() => parseDuration("."), /invalid duration/);
  throws(() => parseDuration("300000000h"), /invalid duration/);
  throws(() => parseDuration("1constructor"), /unknown unit/);
});

Deno.test("formatDuration() prints what parseDuration() reads back", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (n) => {
      strictEqual(parseDuration(formatDuration(n)), n);
    }),
  );
});

Deno.test("toMilliseconds() keeps fractions", () => {
  strictEqual(toMilliseconds(1_500_000n), 1.5);
});
