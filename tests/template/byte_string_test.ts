import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  decodeRune,
  encodeRune,
  fromBytes,
  isDigit,
  isLetter,
  isPrint,
  RUNE_ERROR,
  runeCount,
  runes,
  toBytes,
  toByteString,
  toText,
  trimSpace,
} from "../../src/template/byte_string.ts";

Deno.test("toText() gives back what toByteString() took", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    strictEqual(toText(toByteString(text)), text);
  }));
});

Deno.test("fromBytes() gives back what toBytes() took, of any length", () => {
  const all = Uint8Array.from({ length: 20_000 }, (_, i) => i % 256);
  deepStrictEqual(toBytes(fromBytes(all)), all);
});

Deno.test("decodeRune() takes one byte where there is no UTF-8", () => {
  for (
    const bytes of [
      "\xff",
      "\xc3",
      "\xc0\x80",
      "\xed\xa0\x80",
      "\xf5\x80\x80\x80",
    ]
  ) {
    deepStrictEqual(decodeRune(bytes), { rune: RUNE_ERROR, size: 1 });
  }
  deepStrictEqual(decodeRune(toByteString("é!")), { rune: 0xe9, size: 2 });
  deepStrictEqual(decodeRune(toByteString("🎉")), { rune: 0x1f389, size: 4 });
  deepStrictEqual(decodeRune(""), { rune: RUNE_ERROR, size: 0 });
});

Deno.test("runes() and runeCount() agree with JavaScript on valid text", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const bytes = toByteString(text);
    const points = Array.from(text, (char) => char.codePointAt(0));
    deepStrictEqual(Array.from(runes(bytes), ({ rune }) => rune), points);
    strictEqual(runeCount(bytes), points.length);
  }));
});

Deno.test("encodeRune() writes U+FFFD for what is no code point", () => {
  strictEqual(encodeRune(0xd800), "\xef\xbf\xbd");
  strictEqual(encodeRune(-1), "\xef\xbf\xbd");
  strictEqual(encodeRune(0x65), "e");
});

Deno.test("trimSpace() takes Unicode's white space and no more", () => {
  const text = toByteString("\u0085\u00a0 \t\u2003a\ufeff\u3000\n");
  strictEqual(toText(trimSpace(text)), "a\ufeff");
});

Deno.test("isPrint(), isLetter() and isDigit() know Unicode's classes", () => {
  deepStrictEqual(
    [0x20, 0xa0, 0xe9, 0x7f, 0x4e16, 0x200b].map(isPrint),
    [true, false, true, false, true, false],
  );
  deepStrictEqual([0x61, 0x4e16, 0x31].map(isLetter), [true, true, false]);
  deepStrictEqual([0x31, 0x663, 0xbd].map(isDigit), [true, true, false]);
});
