/**
 * Formats basic values with flags, width and precision, as Go's fmt does.
 *
 * @module
 */
import {
  type ByteString,
  decodeRune,
  encodeRune,
  isPrint,
  isRune,
  MAX_RUNE,
  RUNE_ERROR,
  runeCount,
} from "./byte_string.ts";
import { type FloatVerb, formatFloat } from "./float.ts";
import { canBackquote, quote, quoteRune } from "./quote.ts";

/** The flags of a verb. */
export interface Flags {
  /** The least number of runes. */
  width?: number | undefined;
  /** The precision. */
  precision?: number | undefined;
  /** `-`: pads on the right. */
  minus: boolean;
  /** `+`: always a sign. */
  plus: boolean;
  /** `#`: another form. */
  sharp: boolean;
  /** A space for the plus sign. */
  space: boolean;
  /** `0`: pads with zeros. */
  zero: boolean;
  /** `%+v`: names of fields. */
  plusV: boolean;
  /** `%#v`: Go syntax. */
  sharpV: boolean;
}

/** No flags. */
export const NO_FLAGS: Readonly<Flags> = {
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
};

/** Pads a text to the width. */
export function pad(flags: Flags, text: ByteString): ByteString {
  const missing = (flags.width ?? 0) - runeCount(text);
  if (missing <= 0) return text;
  return flags.minus
    ? text + " ".repeat(missing)
    : padding(flags, missing) + text;
}

function padding(flags: Flags, count: number): string {
  return (flags.zero && !flags.minus ? "0" : " ").repeat(Math.max(count, 0));
}

function padWithSpaces(flags: Flags, text: ByteString): ByteString {
  return pad({ ...flags, zero: false }, text);
}

/** Formats a boolean. */
export function formatBool(flags: Flags, value: boolean): ByteString {
  return pad(flags, String(value));
}

/** How an integer is written. */
export interface IntegerFormat {
  /** The base. */
  readonly base: 2 | 8 | 10 | 16;
  /** `O`: octal with `0o`. @default {false} */
  readonly prefixO?: boolean;
  /** Capital digits. @default {false} */
  readonly upper?: boolean;
}

/** Formats an integer. */
export function formatInteger(
  flags: Flags,
  value: bigint,
  format: IntegerFormat,
): ByteString {
  const { base, prefixO = false, upper = false } = format;
  const negative = value < 0n;
  const { precision } = flags;
  if (precision === 0 && value === 0n) {
    return " ".repeat(flags.width ?? 0);
  }
  let least = precision ?? 0;
  if (
    precision === undefined && flags.zero && !flags.minus &&
    flags.width !== undefined
  ) {
    least = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
  }
  let digits = (negative ? -value : value).toString(base)
    .padStart(least, "0");
  if (flags.sharp) {
    if (base === 2) digits = `0b${digits}`;
    else if (base === 16) digits = `0x${digits}`;
    else if (base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
  }
  if (prefixO) digits = `0o${digits}`;
  if (upper) digits = digits.toUpperCase();
  const sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  return padWithSpaces(flags, sign + digits);
}

/** Formats `U+0078`, with `#` also the character. */
export function formatUnicode(flags: Flags, value: bigint): ByteString {
  const code = BigInt.asUintN(64, value);
  const digits = code.toString(16).toUpperCase()
    .padStart(Math.max(flags.precision ?? 0, 4), "0");
  const shown = flags.sharp && code <= BigInt(MAX_RUNE) &&
    isPrint(Number(code));
  const tail = shown ? ` '${encodeRune(Number(code))}'` : "";
  return padWithSpaces(flags, `U+${digits}${tail}`);
}

function toRune(value: bigint): number {
  const code = BigInt.asUintN(64, value);
  return code <= BigInt(MAX_RUNE) && isRune(Number(code))
    ? Number(code)
    : RUNE_ERROR;
}

/** Formats the character that an integer stands for. */
export function formatCharacter(flags: Flags, value: bigint): ByteString {
  return pad(flags, encodeRune(toRune(value)));
}

/** Formats the character that an integer stands for, quoted. */
export function formatQuotedCharacter(
  flags: Flags,
  value: bigint,
): ByteString {
  return pad(flags, quoteRune(toRune(value), { ascii: flags.plus }));
}

function truncate(flags: Flags, text: ByteString): ByteString {
  if (flags.precision === undefined) return text;
  let at = 0;
  for (let i = 0; i < flags.precision && at < text.length; i++) {
    at += decodeRune(text, at).size;
  }
  return text.slice(0, at);
}

/** Formats a string. */
export function formatString(flags: Flags, text: ByteString): ByteString {
  return pad(flags, truncate(flags, text));
}

/** Formats a string, quoted. */
export function formatQuoted(flags: Flags, text: ByteString): ByteString {
  const kept = truncate(flags, text);
  return pad(
    flags,
    flags.sharp && canBackquote(kept)
      ? `\`${kept}\``
      : quote(kept, { ascii: flags.plus }),
  );
}

/** Formats the bytes of a string in hexadecimal. */
export function formatHex(
  flags: Flags,
  text: ByteString,
  upper: boolean,
): ByteString {
  const kept = text.slice(0, flags.precision ?? text.length);
  if (kept === "") return padding(flags, flags.width ?? 0);
  const prefix = flags.sharp ? (upper ? "0X" : "0x") : "";
  const pairs = Array.from(kept, (byte) => {
    const pair = byte.charCodeAt(0).toString(16).padStart(2, "0");
    return upper ? pair.toUpperCase() : pair;
  });
  const all = flags.space
    ? pairs.map((pair) => prefix + pair).join(" ")
    : prefix + pairs.join("");
  const missing = (flags.width ?? 0) - all.length;
  return flags.minus
    ? all + padding(flags, missing)
    : padding(flags, missing) + all;
}

/** Formats a float; the precision of the flags goes before the one given. */
export function formatFloatVerb(
  flags: Flags,
  value: number,
  format: {
    readonly verb: FloatVerb;
    readonly precision: number;
    readonly bits: 32 | 64;
  },
): ByteString {
  const precision = flags.precision ?? format.precision;
  const text = formatFloat(value, { ...format, precision });
  const signed = /^[+-]/.test(text) ? text : `+${text}`;
  let sign = signed.slice(0, 1);
  let digits = signed.slice(1);
  if (flags.space && sign === "+" && !flags.plus) sign = " ";
  if (!Number.isFinite(value)) {
    const bare = digits === "NaN" && !flags.space && !flags.plus;
    return padWithSpaces(flags, bare ? digits : sign + digits);
  }
  if (flags.sharp && format.verb !== "b") {
    digits = keepPoint(digits, format.verb, precision);
  }
  if (!flags.plus && sign === "+") return pad(flags, digits);
  const missing = (flags.width ?? 0) - digits.length - 1;
  return flags.zero && !flags.minus && missing > 0
    ? sign + "0".repeat(missing) + digits
    : pad(flags, sign + digits);
}

/** The `#` flag: a decimal point always, and the zeros that %g drops. */
function keepPoint(
  text: string,
  verb: FloatVerb,
  precision: number,
): string {
  const isHex = verb === "x" || verb === "X";
  const [, body = "", tail = ""] =
    (isHex ? /^([^pP]*)(.*)$/ : /^([^eE]*)(.*)$/).exec(text) ?? [];
  const general = verb === "g" || verb === "G" || verb === "x";
  let missing = general ? (precision === -1 ? 6 : precision) : 0;
  missing -= body.replace(".", "").replace(/^0+/, "").length;
  if (!body.includes(".") && body === "0") missing--;
  const point = body.includes(".") ? "" : ".";
  return body + point + "0".repeat(Math.max(missing, 0)) + tail;
}
