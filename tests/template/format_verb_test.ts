import { strictEqual } from "node:assert/strict";
import {
  formatBool,
  formatCharacter,
  formatFloatVerb,
  formatHex,
  formatInteger,
  formatQuoted,
  formatQuotedCharacter,
  formatString,
  formatUnicode,
  NO_FLAGS,
  pad,
} from "../../src/template/format_verb.ts";

Deno.test("pad() counts runes", () => {
  strictEqual(pad({ ...NO_FLAGS, width: 3 }, "\xc3\xa9"), "  \xc3\xa9");
  strictEqual(
    pad({ ...NO_FLAGS, width: 3, minus: true, zero: true }, "a"),
    "a  ",
  );
});

Deno.test("formatInteger() puts signs before zeros and prefixes after them", () => {
  strictEqual(
    formatInteger({ ...NO_FLAGS, width: 5, zero: true }, -42n, { base: 10 }),
    "-0042",
  );
  strictEqual(
    formatInteger({ ...NO_FLAGS, sharp: true, width: 6, zero: true }, 42n, {
      base: 16,
      upper: true,
    }),
    "0X00002A",
  );
  strictEqual(
    formatInteger({ ...NO_FLAGS, precision: 0, width: 3 }, 0n, { base: 10 }),
    "   ",
  );
  strictEqual(formatInteger(NO_FLAGS, 8n, { base: 8, prefixO: true }), "0o10");
});

Deno.test("formatFloatVerb() keeps the zeros that %g drops, with #", () => {
  const format = { verb: "g", precision: -1, bits: 64 } as const;
  strictEqual(
    formatFloatVerb({ ...NO_FLAGS, sharp: true }, 1, format),
    "1.00000",
  );
  strictEqual(
    formatFloatVerb(
      { ...NO_FLAGS, plus: true, width: 8, zero: true },
      1.5,
      format,
    ),
    "+00001.5",
  );
  strictEqual(
    formatFloatVerb({ ...NO_FLAGS, width: 6, zero: true }, NaN, format),
    "   NaN",
  );
  strictEqual(formatFloatVerb(NO_FLAGS, Infinity, format), "+Inf");
});

Deno.test("formatString() and formatQuoted() cut runes", () => {
  strictEqual(
    formatString({ ...NO_FLAGS, precision: 1 }, "\xc3\xa9a"),
    "\xc3\xa9",
  );
  strictEqual(formatQuoted({ ...NO_FLAGS, sharp: true }, "a"), "`a`");
});

Deno.test("formatHex() separates bytes", () => {
  strictEqual(
    formatHex({ ...NO_FLAGS, space: true, sharp: true }, "hi", false),
    "0x68 0x69",
  );
  strictEqual(formatHex({ ...NO_FLAGS, width: 6 }, "\xff", true), "    FF");
});

Deno.test("characters are shown raw, quoted and by their number", () => {
  strictEqual(formatCharacter(NO_FLAGS, 0x110000n), "\xef\xbf\xbd");
  strictEqual(
    formatQuotedCharacter({ ...NO_FLAGS, plus: true }, 233n),
    "'\\u00e9'",
  );
  strictEqual(formatUnicode({ ...NO_FLAGS, sharp: true }, 120n), "U+0078 'x'");
  strictEqual(formatBool({ ...NO_FLAGS, width: 6 }, true), "  true");
});
