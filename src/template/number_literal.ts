/**
 * Go's number literals, which stand for every type that can hold them.
 *
 * @module
 */
import type { ByteString } from "./byte_string.ts";
import { quote, unquoteChar } from "./quote.ts";
import type { Complex } from "./type.ts";

/** A number, as each type that can hold it. */
export interface NumberLiteral {
  /** How it is written. */
  readonly text: ByteString;
  /** The signed integer that it is. */
  readonly int?: bigint | undefined;
  /** The unsigned integer that it is. */
  readonly uint?: bigint | undefined;
  /** The float that it is. */
  readonly float?: number | undefined;
  /** The complex number that it is, where it is written as one. */
  readonly complex?: Complex | undefined;
}

const LARGEST_INT = 2n ** 63n - 1n;
const LARGEST_UINT = 2n ** 64n - 1n;

/**
 * Reads a number literal.
 *
 * @returns A message instead, where it is none.
 */
export function parseNumber(
  text: ByteString,
  kind: "rune" | "complex" | "number",
): NumberLiteral | string {
  if (kind === "rune") return parseRune(text);
  if (kind === "complex") return parseComplex(text);
  if (text.endsWith("i")) {
    const im = parseFloatLiteral(text.slice(0, -1));
    if (im !== undefined) return simplify(text, { re: 0, im });
  }
  return parseReal(text);
}

function parseRune(text: ByteString): NumberLiteral | string {
  const char = unquoteChar(text.slice(1), "'");
  if (char === undefined) return "invalid syntax";
  if (char.tail !== "'") return `malformed character constant: ${text}`;
  const { value } = char;
  return {
    text,
    int: BigInt(value),
    uint: BigInt(value),
    float: value,
  };
}

function parseComplex(text: ByteString): NumberLiteral | string {
  const [, re = "", im = ""] = /^(.*?[^eEpP])([+-].+)i$/.exec(text) ?? [];
  const parts = { re: parseFloatLiteral(re), im: parseFloatLiteral(im) };
  if (parts.re === undefined || parts.im === undefined) {
    return "syntax error scanning complex number";
  }
  return simplify(text, { re: parts.re, im: parts.im });
}

function simplify(text: ByteString, complex: Complex): NumberLiteral {
  const float = complex.im === 0 ? complex.re : undefined;
  return {
    text,
    complex,
    float,
    int: wholeOf(float, -LARGEST_INT - 1n, LARGEST_INT),
    uint: wholeOf(float, 0n, LARGEST_UINT),
  };
}

function wholeOf(
  float: number | undefined,
  least: bigint,
  most: bigint,
): bigint | undefined {
  if (float === undefined || !Number.isInteger(float)) return undefined;
  const whole = BigInt(float);
  return whole >= least && whole <= most ? whole : undefined;
}

function parseReal(text: ByteString): NumberLiteral | string {
  const whole = parseInteger(text);
  const negative = text.startsWith("-");
  const signed = /^[+-]/.test(text);
  if (whole !== undefined) {
    const int = whole <= LARGEST_INT && whole >= -LARGEST_INT - 1n
      ? whole
      : undefined;
    const fits = whole <= LARGEST_UINT && !(negative && whole !== 0n);
    // Only a number without a sign is unsigned; zero always is.
    const uint = fits && (!signed || whole === 0n) ? whole : undefined;
    if (int !== undefined || uint !== undefined) {
      return { text, int, uint, float: Number(int ?? uint) };
    }
  }
  const float = parseFloatLiteral(text);
  if (float === undefined) return `illegal number syntax: ${quote(text)}`;
  if (!/[.eEpP]/.test(text)) return `integer overflow: ${quote(text)}`;
  return {
    text,
    float,
    int: wholeOf(float, -LARGEST_INT - 1n, LARGEST_INT),
    uint: wholeOf(float, 0n, LARGEST_UINT),
  };
}

const INTEGER =
  /^([+-]?)(?:0[xX]((?:_?[\da-fA-F])+)|0[bB]((?:_?[01])+)|0[oO]?((?:_?[0-7])+)|([1-9](?:_?\d)*|0))$/;

function parseInteger(text: string): bigint | undefined {
  const [all, sign = "", hex, binary, octal, decimal = "0"] =
    INTEGER.exec(text) ?? [];
  if (all === undefined) return undefined;
  const literal = hex !== undefined
    ? `0x${hex}`
    : binary !== undefined
    ? `0b${binary}`
    : octal !== undefined
    ? `0o${octal}`
    : decimal;
  const value = BigInt(literal.replaceAll("_", ""));
  return sign === "-" ? -value : value;
}

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEX = /^([+-]?)0[xX]([\da-fA-F]*)(?:\.([\da-fA-F]*))?[pP]([+-]?\d+)$/;
// An underscore stands between digits, or after the 0x.
const BAD_UNDERSCORE = /(?:^|[^\da-fA-FxX])_|_(?:$|[^\da-fA-F])|[eE]_|_[eE]/;
const BAD_HEX_UNDERSCORE = /(?:^|[^\da-fA-FxX])_|_(?:$|[^\da-fA-F])/;

/** Reads a decimal or hexadecimal float; `undefined` where it is none, or too large. */
export function parseFloatLiteral(text: string): number | undefined {
  const isHex = /^[+-]?0[xX]/.test(text);
  const bad = isHex ? BAD_HEX_UNDERSCORE : BAD_UNDERSCORE;
  if (bad.test(text)) return undefined;
  const plain = text.replaceAll("_", "");
  if (isHex) return parseHexFloat(plain);
  if (!DECIMAL.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

function parseHexFloat(text: string): number | undefined {
  const [all, sign, whole = "", fraction = "", exponent = "0"] =
    HEX.exec(text) ?? [];
  const digits = whole + fraction;
  if (all === undefined || digits === "") return undefined;
  const power = Number(exponent) - 4 * fraction.length;
  const value = scale(BigInt(`0x${digits}`), power);
  if (!Number.isFinite(value)) return undefined;
  return sign === "-" ? -value : value;
}

const MANTISSA = 53;
const LEAST_EXPONENT = -1074;

/** `mantissa * 2 ** power`, rounded once, half to even. */
function scale(mantissa: bigint, power: number): number {
  if (mantissa === 0n) return 0;
  const length = mantissa.toString(2).length;
  const drop = Math.max(length - MANTISSA, LEAST_EXPONENT - power, 0);
  if (drop > length + 1) return 0;
  const shift = BigInt(drop);
  let kept = mantissa >> shift;
  const rest = mantissa - (kept << shift);
  const half = shift === 0n ? 0n : 1n << (shift - 1n);
  if (drop > 0 && (rest > half || (rest === half && kept % 2n === 1n))) kept++;
  const exponent = power + drop;
  if (exponent > 1100) return Infinity;
  // Two steps, so that neither factor leaves the range of a float.
  const first = Math.trunc(exponent / 2);
  return Number(kept) * 2 ** first * 2 ** (exponent - first);
}
