/**
 * Go's strings: any bytes at all. They are held as JavaScript strings whose
 * code units are bytes (0 to 255), so that `len`, `index`, `slice`, comparison
 * and the columns of errors come out as in Go. ASCII text is its own byte string.
 *
 * @module
 */

/** A JavaScript string in which each code unit is one byte. */
export type ByteString = string;

/** The rune that stands for bytes that are no UTF-8. */
export const RUNE_ERROR = 0xfffd;
/** The largest Unicode code point. */
export const MAX_RUNE = 0x10ffff;

// deno-lint-ignore no-control-regex -- ASCII is the range that is meant
const ASCII = /^[\x00-\x7f]*$/;
const CHUNK = 8192; // arguments that fromCharCode takes at once without risk
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Tells whether a string holds nothing but ASCII. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** Turns JavaScript text into the bytes of its UTF-8 form. */
export function toByteString(text: string): ByteString {
  return isAscii(text) ? text : fromBytes(encoder.encode(text));
}

/** Turns UTF-8 into JavaScript text; what is no UTF-8 becomes U+FFFD. */
export function toText(bytes: ByteString): string {
  return isAscii(bytes) ? bytes : decoder.decode(toBytes(bytes));
}

/** Turns raw bytes into a byte string. */
export function fromBytes(bytes: Uint8Array): ByteString {
  let out = "";
  for (let i = 0; i < bytes.length; i += CHUNK) {
    out += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return out;
}

/** Turns a byte string into raw bytes. */
export function toBytes(bytes: ByteString): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = bytes.charCodeAt(i);
  return out;
}

/** A rune, and how many bytes it took. */
export interface DecodedRune {
  /** The code point; {@linkcode RUNE_ERROR} where the bytes are no UTF-8. */
  readonly rune: number;
  /** How many bytes it took; 1 where they are no UTF-8, 0 at the end. */
  readonly size: number;
}

const END: DecodedRune = { rune: RUNE_ERROR, size: 0 };
const BAD: DecodedRune = { rune: RUNE_ERROR, size: 1 };

/** Decodes the rune that starts at `at`. */
export function decodeRune(bytes: ByteString, at = 0): DecodedRune {
  if (at >= bytes.length) return END;
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return { rune: first, size: 1 };
  const size = first >= 0xc2 && first < 0xe0
    ? 2
    : first >= 0xe0 && first < 0xf0
    ? 3
    : first >= 0xf0 && first < 0xf5
    ? 4
    : 0;
  if (size === 0 || at + size > bytes.length) return BAD;
  let rune = first & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) {
    const next = bytes.charCodeAt(at + i);
    if ((next & 0xc0) !== 0x80) return BAD;
    rune = (rune << 6) | (next & 0x3f);
  }
  return isRune(rune) && encodedSize(rune) === size ? { rune, size } : BAD;
}

/** Encodes a rune; what is no code point becomes U+FFFD. */
export function encodeRune(rune: number): ByteString {
  if (rune >= 0 && rune < 0x80) return String.fromCharCode(rune);
  return toByteString(String.fromCodePoint(isRune(rune) ? rune : RUNE_ERROR));
}

/** Counts runes, each bad byte as one. */
export function runeCount(bytes: ByteString): number {
  if (isAscii(bytes)) return bytes.length;
  let count = 0;
  for (let at = 0; at < bytes.length; count++) at += decodeRune(bytes, at).size;
  return count;
}

/** Gives each rune of a byte string, with the bytes that it took. */
export function* runes(
  bytes: ByteString,
): Generator<DecodedRune & { readonly at: number }> {
  for (let at = 0; at < bytes.length;) {
    const found = decodeRune(bytes, at);
    yield { ...found, at };
    at += found.size;
  }
}

/** Tells whether a number is a code point that UTF-8 can hold. */
export function isRune(rune: number): boolean {
  return rune >= 0 && rune <= MAX_RUNE && !(rune >= 0xd800 && rune <= 0xdfff);
}

function encodedSize(rune: number): number {
  return rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
}

/** Go's `strings.TrimSpace`: takes Unicode's white space away, and leaves bad bytes alone. */
export function trimSpace(bytes: ByteString): ByteString {
  let start = 0;
  while (start < bytes.length) {
    const { rune, size } = decodeRune(bytes, start);
    if (!isSpace(rune)) break;
    start += size;
  }
  let end = bytes.length;
  while (end > start) {
    const { rune, size } = decodeLastRune(bytes, end);
    if (!isSpace(rune)) break;
    end -= size;
  }
  return bytes.slice(start, end);
}

/** Decodes the rune that ends before `end`. */
function decodeLastRune(bytes: ByteString, end: number): DecodedRune {
  for (let start = end - 1; start >= Math.max(0, end - 4); start--) {
    if ((bytes.charCodeAt(start) & 0xc0) === 0x80) continue;
    const found = decodeRune(bytes.slice(start, end));
    return found.size === end - start ? found : BAD;
  }
  return BAD;
}

// Unicode's White_Space: what JavaScript calls space and U+0085, less U+FEFF.
function isSpace(rune: number): boolean {
  return rune === 0x85 ||
    (rune !== 0xfeff && /^\s$/.test(String.fromCodePoint(rune)));
}

const PRINT = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;
const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;

/** Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols, the space. */
export function isPrint(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x20 && rune < 0x7f;
  return isRune(rune) && PRINT.test(String.fromCodePoint(rune));
}

/** Go's `unicode.IsLetter`. */
export function isLetter(rune: number): boolean {
  if (rune < 0x80) return (rune | 0x20) >= 0x61 && (rune | 0x20) <= 0x7a;
  return isRune(rune) && LETTER.test(String.fromCodePoint(rune));
}

/** Go's `unicode.IsDigit`. */
export function isDigit(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x30 && rune <= 0x39;
  return isRune(rune) && DIGIT.test(String.fromCodePoint(rune));
}
