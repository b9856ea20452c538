import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { ApiError } from "../../src/serve/api_error.ts";
import {
  formatContentRange,
  formatUploadRange,
  parseContentRange,
  parseRange,
} from "../../src/serve/ranges.ts";

const is416 = (error: unknown) =>
  error instanceof ApiError && error.status === 416;

Deno.test("parseRange() gives exactly the bytes that were asked for", () => {
  const sizes = fc.nat({ max: 50 });
  fc.assert(fc.property(sizes, sizes, sizes, (size, first, last) => {
    const all = Array.from({ length: size }, (_, i) => i);
    const wanted = all.slice(first, last + 1);
    const ask = () => parseRange(`bytes=${first}-${last}`, size);
    if (wanted.length === 0) return throws(ask, is416);
    const range = ask();
    deepStrictEqual(all.slice(range?.start, range?.end), wanted);
  }));
});

Deno.test("parseRange() reads open ends and suffixes", () => {
  deepStrictEqual(parseRange("bytes=4-", 10), { start: 4, end: 10 });
  deepStrictEqual(parseRange("bytes=-4", 10), { start: 6, end: 10 });
  deepStrictEqual(parseRange("bytes=-40", 10), { start: 0, end: 10 });
});

Deno.test("parseRange() refuses what holds no byte", () => {
  for (const header of ["bytes=10-", "bytes=5-4", "bytes=-0", "bytes=99-100"]) {
    throws(() => parseRange(header, 10), is416);
  }
  throws(() => parseRange("bytes=0-", 0), is416);
});

Deno.test("parseRange() ignores what it does not know, as RFC 9110 allows", () => {
  for (
    const header of [
      null,
      undefined,
      "",
      "lines=1-2",
      "bytes=-",
      "bytes=0-1,4-5",
    ]
  ) strictEqual(parseRange(header, 10), undefined);
});

Deno.test("formatContentRange() counts the last byte in", () => {
  strictEqual(formatContentRange({ start: 2, end: 5 }, 9), "bytes 2-4/9");
});

Deno.test("parseContentRange() reads both forms that clients send", () => {
  deepStrictEqual(parseContentRange("0-9"), { start: 0, end: 10 });
  deepStrictEqual(parseContentRange("bytes 5-9/10"), { start: 5, end: 10 });
  deepStrictEqual(parseContentRange("bytes=5-9/*"), { start: 5, end: 10 });
  strictEqual(parseContentRange(null), undefined);
});

Deno.test("parseContentRange() refuses every other text with 416", () => {
  for (
    const header of ["", "9-0", "-5", "5-", "a-b", "0-99999999999999999999"]
  ) throws(() => parseContentRange(header), is416);
});

Deno.test("formatUploadRange() names the last byte there is", () => {
  deepStrictEqual([0, 1, 2, 100].map(formatUploadRange), [
    "0-0",
    "0-0",
    "0-1",
    "0-99",
  ]);
});
