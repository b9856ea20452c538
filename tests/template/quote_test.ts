import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { fromBytes, toByteString } from "../../src/template/byte_string.ts";
import {
  canBackquote,
  quote,
  quoteRune,
  unquote,
  unquoteChar,
} from "../../src/template/quote.ts";

Deno.test("unquote() gives back what quote() took, whatever the bytes", () => {
  fc.assert(fc.property(fc.uint8Array(), fc.boolean(), (bytes, ascii) => {
    const text = fromBytes(bytes);
    strictEqual(unquote(quote(text, { ascii })), text);
  }));
});

Deno.test("quote() escapes as Go does", () => {
  strictEqual(quote('a"\\\n\x01\x7f'), '"a\\"\\\\\\n\\x01\\x7f"');
  strictEqual(quote("\xff"), '"\\xff"');
  strictEqual(quote(toByteString("é\u200b")), toByteString('"é\\u200b"'));
  strictEqual(
    quote(toByteString("é🎉"), { ascii: true }),
    '"\\u00e9\\U0001f389"',
  );
});

Deno.test("quoteRune() quotes one character", () => {
  strictEqual(quoteRune(0x27), "'\\''");
  strictEqual(quoteRune(0xd800), toByteString("'\ufffd'"));
});

Deno.test("unquote() refuses what Go refuses", () => {
  for (
    const literal of [
      '"',
      '"a',
      "'a'",
      '"\\q"',
      '"\\400"',
      '"\\ud800"',
      '"\n"',
      '"\\x1"',
      '"a"b',
    ]
  ) {
    strictEqual(unquote(literal), undefined, literal);
  }
  strictEqual(unquote("`a\r\\n`"), "a\\n");
  strictEqual(unquote('"\\101\\x41\\u00e9\\t"'), "AA\xc3\xa9\t");
});

Deno.test("unquoteChar() tells bytes from code points", () => {
  deepStrictEqual(unquoteChar("\\xffz", "'"), {
    value: 255,
    multibyte: false,
    tail: "z",
  });
  deepStrictEqual(unquoteChar("\\u00ffz", "'"), {
    value: 255,
    multibyte: true,
    tail: "z",
  });
  strictEqual(unquoteChar('\\"', "'"), undefined);
});

Deno.test("canBackquote() refuses backquotes and control characters", () => {
  deepStrictEqual(["a\tb", "a`", "a\n", "\x7f", "\xff"].map(canBackquote), [
    true,
    false,
    false,
    false,
    false,
  ]);
});
