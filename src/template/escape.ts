/**
 * The functions `html`, `js` and `urlquery`.
 *
 * @module
 */
import { type ByteString, encodeRune, isPrint, runes } from "./byte_string.ts";
import {
  type FunctionMap,
  type Surroundings,
  templateFunction,
} from "./function.ts";
import { printable } from "./printable.ts";
import { sprint } from "./printf.ts";
import { sliceOf } from "./make_type.ts";
import { ANY, type Result, STRING } from "./type.ts";
import { stringValue } from "./value.ts";

const HTML: Readonly<Record<string, string>> = {
  "\0": encodeRune(0xfffd),
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

/** Escapes text for HTML. */
export function escapeHtml(text: ByteString): ByteString {
  return text.replace(/[\0"'&<>]/g, (char) => HTML[char] ?? char);
}

const SCRIPT: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

/** Escapes text for a JavaScript string. */
export function escapeScript(text: ByteString): ByteString {
  return text.replace(
    // deno-lint-ignore no-control-regex -- these are what is escaped
    /[\x00-\x1f\\'"<>&=]|[\x80-\xff]+/g,
    (found) =>
      found >= "\x80"
        ? escapeRunes(found)
        : SCRIPT[found] ?? escapeUnit(found.charCodeAt(0)),
  );
}

function escapeRunes(text: ByteString): ByteString {
  let out = "";
  for (const { rune, size, at } of runes(text)) {
    out += isPrint(rune) ? text.slice(at, at + size) : escapeUnit(rune);
  }
  return out;
}

function escapeUnit(rune: number): string {
  return `\\u${rune.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Escapes text for the query of a URL, as `url.QueryEscape`. */
export function escapeQuery(text: ByteString): ByteString {
  return text.replace(
    /[^A-Za-z0-9_.~-]/g,
    (char) =>
      char === " "
        ? "+"
        : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

function escaper(escape: (text: ByteString) => ByteString) {
  return templateFunction([sliceOf(ANY)], STRING, {
    variadic: true,
    call(args, { budget }: Surroundings) {
      const operands = args.map((arg): Result => {
        const found = printable(arg);
        return found === undefined ? arg : found.operand;
      });
      const text = escape(sprint(operands, budget));
      budget.hold(text.length);
      return stringValue(text);
    },
  });
}

/** The functions that escape. */
export const ESCAPERS: FunctionMap = new Map([
  ["html", escaper(escapeHtml)],
  ["js", escaper(escapeScript)],
  ["urlquery", escaper(escapeQuery)],
]);
