/**
 * Cuts the text of a template into tokens.
 *
 * @module
 */
import {
  type ByteString,
  decodeRune,
  encodeRune,
  isDigit,
  isLetter,
  isPrint,
} from "./byte_string.ts";
import { quote } from "./quote.ts";

/** The kinds of tokens; keywords have their own text as kind. */
export type TokenKind =
  | "error"
  | "bool"
  | "char"
  | "rune"
  | "complex"
  | "="
  | ":="
  | "eof"
  | "field"
  | "identifier"
  | "{{"
  | "("
  | "number"
  | "|"
  | "raw"
  | "}}"
  | ")"
  | "space"
  | "string"
  | "text"
  | "variable"
  | Keyword;

const KEYWORDS = [
  ".",
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "range",
  "nil",
  "template",
  "with",
] as const;

/** The words that have a meaning of their own. */
export type Keyword = typeof KEYWORDS[number];

const isKeyword = (word: string): word is Keyword =>
  KEYWORDS.some((keyword) => keyword === word);

/** A token. */
export interface Token {
  /** What it is. */
  readonly kind: TokenKind;
  /** The byte at which it starts. */
  readonly at: number;
  /** Its text, or the text of the error. */
  readonly text: ByteString;
  /** The line on which it starts, from 1. */
  readonly line: number;
}

/** Describes a token as Go's messages do. */
export function describeToken({ kind, text }: Token): string {
  if (kind === "eof") return "EOF";
  if (kind === "error") return text;
  if (isKeyword(kind)) return `<${text}>`;
  return text.length > 10
    ? `${quote(firstRunes(text, 10))}...`
    : `${quote(text)}`;
}

function firstRunes(text: ByteString, count: number): ByteString {
  let at = 0;
  for (let i = 0; i < count && at < text.length; i++) {
    at += decodeRune(text, at).size;
  }
  return text.slice(0, at);
}

const SPACES = " \t\r\n";
const EOF = -1;
const MARKER = 2; // a trim marker: the minus and the space

/** Reads tokens one at a time. */
export class Lexer {
  readonly #input: ByteString;
  #at = 0;
  #start = 0;
  #line = 1;
  #startLine = 1;
  #parens = 0;
  #inside = false;
  #failed = false;

  /** Starts at the beginning of a template's text. */
  constructor(input: ByteString) {
    this.#input = input;
  }

  /** Reads the next token; after an error or the end always `eof`. */
  next(): Token {
    if (this.#failed) {
      return { kind: "eof", at: 0, text: "EOF", line: this.#startLine };
    }
    return this.#inside ? this.#action() : this.#text();
  }

  #token(kind: TokenKind): Token {
    const text = this.#input.slice(this.#start, this.#at);
    const token = { kind, at: this.#start, text, line: this.#startLine };
    this.#line += countLines(text);
    this.#ignore();
    return token;
  }

  #ignore(): void {
    this.#start = this.#at;
    this.#startLine = this.#line;
  }

  #skip(count: number): void {
    this.#line += countLines(this.#input.slice(this.#at, this.#at + count));
    this.#at += count;
    this.#ignore();
  }

  #error(text: ByteString): Token {
    this.#failed = true;
    const token: Token = {
      kind: "error",
      at: this.#start,
      text,
      line: this.#startLine,
    };
    return token;
  }

  #startsWith(text: string, offset = 0): boolean {
    return this.#input.startsWith(text, this.#at + offset);
  }

  #peek(): number {
    return this.#at < this.#input.length
      ? decodeRune(this.#input, this.#at).rune
      : EOF;
  }

  #advance(): number {
    if (this.#at >= this.#input.length) return EOF;
    const { rune, size } = decodeRune(this.#input, this.#at);
    this.#at += size;
    return rune;
  }

  #text(): Token {
    for (;;) {
      const open = this.#input.indexOf("{{", this.#at);
      if (open < 0) {
        this.#at = this.#input.length;
        return this.#token(this.#at > this.#start ? "text" : "eof");
      }
      const trim = isLeftMarker(this.#input, open + 2);
      const all = this.#input.slice(this.#at, open);
      const kept = trim ? trimEnd(all) : all;
      if (kept !== "") {
        this.#at += kept.length;
        return this.#token("text");
      }
      this.#skip(all.length);
      const marker = trim ? MARKER : 0;
      if (!this.#startsWith("/*", 2 + marker)) return this.#left(marker);
      const error = this.#comment(2 + marker);
      if (error !== undefined) return error;
    }
  }

  #left(marker: number): Token {
    this.#at += 2;
    const token = this.#token("{{");
    this.#skip(marker);
    this.#inside = true;
    this.#parens = 0;
    return token;
  }

  #comment(open: number): Token | undefined {
    this.#skip(open);
    const close = this.#input.indexOf("*/", this.#at + 2);
    if (close < 0) return this.#error("unclosed comment");
    const marker = isRightMarker(this.#input, close + 2) ? MARKER : 0;
    if (!this.#input.startsWith("}}", close + 2 + marker)) {
      return this.#error("comment ends before closing delimiter");
    }
    this.#skip(close + 2 + marker + 2 - this.#at);
    if (marker > 0) this.#skipSpaces();
    return undefined;
  }

  #skipSpaces(): void {
    let end = this.#at;
    while (SPACES.includes(this.#input[end] ?? "x")) end++;
    this.#skip(end - this.#at);
  }

  /** The length of the trim marker before a right delimiter here; `undefined` where there is none. */
  #rightDelimiter(): number | undefined {
    if (isRightMarker(this.#input, this.#at) && this.#startsWith("}}", 2)) {
      return MARKER;
    }
    return this.#startsWith("}}") ? 0 : undefined;
  }

  #right(marker: number): Token {
    this.#skip(marker);
    this.#at += 2;
    const token = this.#token("}}");
    if (marker > 0) this.#skipSpaces();
    this.#inside = false;
    return token;
  }

  #action(): Token {
    const marker = this.#rightDelimiter();
    if (marker !== undefined) {
      return this.#parens === 0
        ? this.#right(marker)
        : this.#error("unclosed left paren");
    }
    const rune = this.#advance();
    if (rune === EOF) return this.#error("unclosed action");
    const char = rune < 0x80 ? String.fromCharCode(rune) : "";
    if (char !== "" && SPACES.includes(char)) return this.#space();
    switch (char) {
      case "=":
      case "|":
        return this.#token(char);
      case ":":
        return this.#advance() === 0x3d
          ? this.#token(":=")
          : this.#error("expected :=");
      case '"':
        return this.#quoted('"', "string", "unterminated quoted string");
      case "'":
        return this.#quoted("'", "rune", "unterminated character constant");
      case "`":
        return this.#raw();
      case "$":
        return this.#name("variable", "variable");
      case "(":
        this.#parens++;
        return this.#token("(");
      case ")":
        this.#parens--;
        return this.#parens < 0
          ? this.#error("unexpected right paren")
          : this.#token(")");
    }
    return this.#word(rune, char);
  }

  #word(rune: number, char: string): Token {
    const following = this.#input[this.#at] ?? "";
    if (char === "." && following !== "" && !/\d/.test(following)) {
      return this.#name("field", ".");
    }
    if (/^[.+\d-]$/.test(char)) {
      this.#at--;
      return this.#number();
    }
    if (isAlphaNumeric(rune)) return this.#identifier();
    return char !== "" && isPrint(rune) ? this.#token("char") : this.#error(
      `unrecognized character in action: ${describeRune(rune)}`,
    );
  }

  #space(): Token {
    while (SPACES.includes(this.#input[this.#at] ?? "x")) this.#at++;
    // The last space may belong to the trim marker of a right delimiter.
    if (
      isRightMarker(this.#input, this.#at - 1) && this.#startsWith("}}", 1)
    ) {
      this.#at--;
      if (this.#at === this.#start) return this.#right(MARKER);
    }
    return this.#token("space");
  }

  #absorb(): void {
    while (isAlphaNumeric(this.#peek())) this.#advance();
  }

  #identifier(): Token {
    this.#absorb();
    if (!this.#atTerminator()) return this.#badCharacter();
    const word = this.#input.slice(this.#start, this.#at);
    if (isKeyword(word)) return this.#token(word);
    return this.#token(
      word === "true" || word === "false" ? "bool" : "identifier",
    );
  }

  /** A field or a variable whose first character was read; `bare` is what it is alone. */
  #name(kind: TokenKind, bare: TokenKind): Token {
    if (this.#atTerminator()) return this.#token(bare);
    this.#absorb();
    return this.#atTerminator() ? this.#token(kind) : this.#badCharacter();
  }

  #badCharacter(): Token {
    return this.#error(`bad character ${describeRune(this.#peek())}`);
  }

  #atTerminator(): boolean {
    const char = this.#input[this.#at];
    return char === undefined || `${SPACES}.,|:)(`.includes(char) ||
      this.#startsWith("}}");
  }

  #quoted(mark: string, kind: TokenKind, problem: string): Token {
    for (;;) {
      const char = this.#input[this.#at++];
      if (char === mark) return this.#token(kind);
      const last = char === "\\" ? this.#input[this.#at++] : char;
      if (last === undefined || last === "\n") return this.#error(problem);
    }
  }

  #raw(): Token {
    const close = this.#input.indexOf("`", this.#at);
    if (close < 0) return this.#error("unterminated raw quoted string");
    this.#at = close + 1;
    return this.#token("raw");
  }

  #number(): Token {
    const bad = () =>
      this.#error(
        `bad number syntax: ${quote(this.#input.slice(this.#start, this.#at))}`,
      );
    if (!this.#scanNumber()) return bad();
    if (!/^[+-]$/.test(this.#input[this.#at] ?? "")) {
      return this.#token("number");
    }
    return this.#scanNumber() && this.#input[this.#at - 1] === "i"
      ? this.#token("complex")
      : bad();
  }

  // Lets more pass than Go's numbers; the parser refuses the rest.
  #scanNumber(): boolean {
    const number =
      /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/y;
    number.lastIndex = this.#at;
    this.#at += number.exec(this.#input)?.[0].length ?? 0;
    if (!isAlphaNumeric(this.#peek())) return true;
    this.#advance();
    return false;
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    count++;
  }
  return count;
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && SPACES.includes(text[end - 1] ?? "x")) end--;
  return text.slice(0, end);
}

function isLeftMarker(input: string, at: number): boolean {
  return input[at] === "-" && SPACES.includes(input[at + 1] ?? "x");
}

function isRightMarker(input: string, at: number): boolean {
  return SPACES.includes(input[at] ?? "x") && input[at + 1] === "-";
}

function isAlphaNumeric(rune: number): boolean {
  return rune === 0x5f || isLetter(rune) || isDigit(rune);
}

/** Go's `%#U`. */
function describeRune(rune: number): ByteString {
  const code = rune < 0
    ? "FFFFFFFFFFFFFFFF"
    : rune.toString(16).toUpperCase().padStart(4, "0");
  return isPrint(rune) ? `U+${code} '${encodeRune(rune)}'` : `U+${code}`;
}
