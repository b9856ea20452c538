/**
 * Go's literals for strings and runes: reading them and writing them.
 *
 * @module
 */
import {
  type ByteString,
  decodeRune,
  encodeRune,
  isPrint,
  isRune,
  RUNE_ERROR,
  runes,
} from "./byte_string.ts";

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};
const WIDTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const ESCAPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ESCAPES).map(([name, rune]) => [rune, name]),
);

/** Options for {@linkcode quote}. */
export interface QuoteOptions {
  /** Escapes all that is not ASCII. @default {false} */
  readonly ascii?: boolean;
}

/** Writes a double-quoted Go string (`strconv.Quote`). */
export function quote(
  text: ByteString,
  options: QuoteOptions = {},
): ByteString {
  let out = '"';
  for (const { rune, size, at } of runes(text)) {
    out += rune === RUNE_ERROR && size === 1
      ? `\\x${hex(text.charCodeAt(at), 2)}`
      : escapeRune(rune, '"', options.ascii ?? false);
  }
  return out + '"';
}

/** Writes a single-quoted Go rune (`strconv.QuoteRune`). */
export function quoteRune(
  rune: number,
  options: QuoteOptions = {},
): ByteString {
  const valid = isRune(rune) ? rune : RUNE_ERROR;
  return `'${escapeRune(valid, "'", options.ascii ?? false)}'`;
}

function escapeRune(rune: number, mark: string, ascii: boolean): ByteString {
  if (rune === mark.charCodeAt(0) || rune === 0x5c) {
    return `\\${String.fromCharCode(rune)}`;
  }
  if (isPrint(rune) && (!ascii || rune < 0x80)) return encodeRune(rune);
  const name = ESCAPE_NAMES.get(rune);
  if (name !== undefined) return `\\${name}`;
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`;
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`;
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, "0");
}

/** Tells whether a string can stand between backquotes (`strconv.CanBackquote`). */
export function canBackquote(text: ByteString): boolean {
  for (const { rune, size } of runes(text)) {
    if (size > 1 ? rune === 0xfeff : rune === RUNE_ERROR) return false;
    if ((rune < 0x20 && rune !== 9) || rune === 0x60 || rune === 0x7f) {
      return false;
    }
  }
  return true;
}

/** The code point of a character literal, and where it ends. */
export interface UnquotedChar {
  /** The code point, or the byte of `\x` and of octal escapes. */
  readonly value: number;
  /** Whether it is a code point to be encoded, not a byte. */
  readonly multibyte: boolean;
  /** What follows. */
  readonly tail: ByteString;
}

/** Reads one character or escape (`strconv.UnquoteChar`); `undefined` where it is none. */
export function unquoteChar(
  text: ByteString,
  mark: string,
): UnquotedChar | undefined {
  const first = text[0];
  if (first === undefined || (first === mark && mark !== "`")) return undefined;
  if (first !== "\\") {
    const { rune, size } = decodeRune(text);
    return { value: rune, multibyte: size > 1, tail: text.slice(size) };
  }
  return unescape(text.slice(1), mark);
}

function unescape(text: ByteString, mark: string): UnquotedChar | undefined {
  const name = text[0] ?? "";
  const rest = text.slice(1);
  if (Object.hasOwn(ESCAPES, name)) {
    return { value: ESCAPES[name] ?? 0, multibyte: false, tail: rest };
  }
  if (name === "\\" || ((name === "'" || name === '"') && name === mark)) {
    return { value: name.charCodeAt(0), multibyte: false, tail: rest };
  }
  const width = WIDTHS[name];
  if (width !== undefined) {
    const digits = rest.slice(0, width);
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < width) {
      return undefined;
    }
    const value = parseInt(digits, 16);
    if (name !== "x" && !isRune(value)) return undefined;
    return { value, multibyte: name !== "x", tail: rest.slice(width) };
  }
  const octal = /^[0-7]{3}/.exec(text)?.[0];
  const value = parseInt(octal ?? "", 8);
  if (octal === undefined || value > 255) return undefined;
  return { value, multibyte: false, tail: text.slice(3) };
}

/** Reads a Go string literal with its quotes (`strconv.Unquote`); `undefined` where it is none. */
export function unquote(literal: ByteString): ByteString | undefined {
  const mark = literal[0];
  if (mark === "`") {
    return literal.length >= 2 && literal.indexOf("`", 1) === literal.length - 1
      ? literal.slice(1, -1).replaceAll("\r", "")
      : undefined;
  }
  if (mark !== '"') return undefined;
  let out = "";
  let rest = literal.slice(1);
  while (rest !== "" && rest[0] !== mark) {
    if (rest[0] === "\n") return undefined;
    const plain = /^[^"\\\n\x80-\xff]+/.exec(rest)?.[0];
    if (plain !== undefined) {
      out += plain;
      rest = rest.slice(plain.length);
      continue;
    }
    const char = unquoteChar(rest, mark);
    if (char === undefined) return undefined;
    out += char.multibyte || char.value === RUNE_ERROR
      ? encodeRune(char.value)
      : String.fromCharCode(char.value);
    rest = char.tail;
  }
  return rest === mark ? out : undefined;
}
