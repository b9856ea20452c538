import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { decodeText, encodeText } from "../../../src/registry/tar/text.ts";

Deno.test("encodeText() gives back the bytes that decodeText() was given", () => {
  fc.assert(fc.property(
    fc.oneof(
      fc.uint8Array(),
      fc.array(
        fc.constantFrom(
          0xc3,
          0xa9,
          0xe2,
          0x82,
          0xac,
          0xf0,
          0x41,
          0xed,
          0xa0,
          0x80,
        ),
      )
        .map((list) => Uint8Array.from(list)),
    ),
    (bytes) => {
      deepStrictEqual(encodeText(decodeText(bytes)), new Uint8Array(bytes));
    },
  ));
});

Deno.test("decodeText() reads UTF-8 as it is, a mark at the start too", () => {
  strictEqual(decodeText(new TextEncoder().encode("\ufeffé😀")), "\ufeffé😀");
  strictEqual(decodeText(Uint8Array.of(0x61, 0xff, 0xc3, 0xa9)), "a\udcffé");
});
