/**
 * Writes floats as Go's `strconv.FormatFloat` does, to the last digit.
 *
 * @module
 */

/** How a float is written: Go's verbs. */
export type FloatVerb = "e" | "E" | "f" | "g" | "G" | "b" | "x" | "X";

/** Options for {@linkcode formatFloat}. */
export interface FloatFormat {
  /** How it is written. */
  readonly verb: FloatVerb;
  /** How many digits; -1 for as few as tell it apart. @default {-1} */
  readonly precision?: number;
  /** How wide the float is. @default {64} */
  readonly bits?: 32 | 64;
}

/** The digits of a number, of which `point` stand before the decimal point. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** Writes a float. */
export function formatFloat(value: number, format: FloatFormat): string {
  const { verb, precision = -1, bits = 64 } = format;
  if (Number.isNaN(value)) return "NaN";
  const negative = value < 0 || Object.is(value, -0);
  const sign = negative ? "-" : "";
  const size = Math.abs(value);
  if (size === Infinity) return negative ? "-Inf" : "+Inf";
  if (verb === "b") return sign + binary(size, bits);
  if (verb === "x" || verb === "X") {
    const text = hexadecimal(size, precision, bits);
    return sign + (verb === "X" ? text.toUpperCase() : text);
  }
  const text = decimal(size, verb, precision, bits);
  return sign + (verb === "E" || verb === "G" ? text.toUpperCase() : text);
}

function decimal(
  size: number,
  verb: "e" | "E" | "f" | "g" | "G",
  precision: number,
  bits: 32 | 64,
): string {
  const isShortest = precision < 0;
  const all = isShortest ? shortest(size, bits) : exact(size);
  switch (verb) {
    case "e":
    case "E": {
      const places = isShortest ? all.digits.length - 1 : precision;
      return scientific(isShortest ? all : round(all, places + 1), places);
    }
    case "f": {
      const places = isShortest ? all.digits.length - all.point : precision;
      return positional(
        isShortest ? all : round(all, all.point + precision),
        Math.max(places, 0),
      );
    }
    default:
      return general(all, precision);
  }
}

function general(all: Decimal, precision: number): string {
  const isShortest = precision < 0;
  const wanted = precision === 0 ? 1 : precision;
  const found = isShortest ? all : round(all, wanted);
  const count = found.digits.length;
  let threshold = wanted;
  if (threshold > count && count >= found.point) threshold = count;
  if (isShortest) threshold = 6;
  const exponent = found.point - 1;
  if (exponent < -4 || exponent >= threshold) {
    const digits = isShortest ? count : Math.min(wanted, count);
    return scientific(found, digits - 1);
  }
  return positional(found, Math.max(count - found.point, 0));
}

function scientific({ digits, point }: Decimal, places: number): string {
  const first = digits[0] ?? "0";
  const rest = places > 0
    ? `.${digits.slice(1, places + 1).padEnd(places, "0")}`
    : "";
  const exponent = digits === "" ? 0 : point - 1;
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${first}${rest}e${exponent < 0 ? "-" : "+"}${power}`;
}

function positional({ digits, point }: Decimal, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (places <= 0) return whole;
  const fraction = point >= 0
    ? digits.slice(point)
    : "0".repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, places).padEnd(places, "0")}`;
}

/** The fewest digits that still tell the float from its neighbours. */
function shortest(size: number, bits: 32 | 64): Decimal {
  if (size === 0) return { digits: "", point: 0 };
  if (bits === 64) return fromExponential(size.toExponential());
  for (let count = 0; count < 9; count++) {
    const text = size.toExponential(count);
    if (Math.fround(Number(text)) === size) return fromExponential(text);
  }
  return fromExponential(size.toExponential());
}

function fromExponential(text: string): Decimal {
  const [mantissa = "", exponent = "0"] = text.split("e");
  return {
    digits: mantissa.replace(".", "").replace(/0+$/, ""),
    point: Number(exponent) + 1,
  };
}

/** All digits: a float is a whole number times a power of two. */
function exact(size: number): Decimal {
  if (size === 0) return { digits: "", point: 0 };
  const { mantissa, exponent } = split(size, 64);
  const places = exponent < 0 ? -exponent : 0;
  const whole = exponent < 0
    ? mantissa * 5n ** BigInt(places)
    : mantissa << BigInt(exponent);
  const digits = whole.toString();
  return {
    digits: digits.replace(/0+$/, ""),
    point: digits.length - places,
  };
}

/** Keeps so many digits; what lies half-way goes to the even one. */
function round({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: "", point: 0 };
  const kept = digits.slice(0, count);
  const isHalf = digits[count] === "5" && count + 1 === digits.length;
  const up = isHalf
    ? Number(digits[count - 1] ?? "0") % 2 === 1
    : (digits[count] ?? "0") >= "5";
  if (!up) {
    const trimmed = kept.replace(/0+$/, "");
    return { digits: trimmed, point: trimmed === "" ? 0 : point };
  }
  const raised = (BigInt(kept === "" ? "0" : kept) + 1n).toString()
    .padStart(kept.length, "0");
  return {
    digits: raised.replace(/0+$/, ""),
    point: point + (raised.length - kept.length),
  };
}

interface Parts {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** Takes a float apart: it is `mantissa * 2 ** exponent`. */
function split(size: number, bits: 32 | 64): Parts {
  const view = new DataView(new ArrayBuffer(8));
  const isWide = bits === 64;
  if (isWide) view.setFloat64(0, size);
  else view.setFloat32(0, size);
  const all = isWide ? view.getBigUint64(0) : BigInt(view.getUint32(0));
  const width = isWide ? 52n : 23n;
  const biased = Number(all >> width);
  const fraction = all & ((1n << width) - 1n);
  const bias = (isWide ? 1023 : 127) + Number(width);
  return biased === 0
    ? { mantissa: fraction, exponent: 1 - bias }
    : { mantissa: fraction | (1n << width), exponent: biased - bias };
}

function binary(size: number, bits: 32 | 64): string {
  const { mantissa, exponent } = split(size, bits);
  return `${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
}

const LEADING = 60n; // the bit that holds the digit before the point

function hexadecimal(
  size: number,
  precision: number,
  bits: 32 | 64,
): string {
  let { mantissa, exponent } = split(size, bits);
  exponent += Number(LEADING);
  if (mantissa === 0n) exponent = 0;
  else {
    const shift = LEADING - BigInt(mantissa.toString(2).length - 1);
    mantissa <<= shift;
    exponent -= Number(shift);
  }
  if (precision >= 0 && precision < 15) {
    const drop = LEADING - BigInt(precision) * 4n;
    const rest = mantissa & ((1n << drop) - 1n);
    const half = 1n << (drop - 1n);
    mantissa >>= drop;
    if (rest > half || (rest === half && mantissa % 2n === 1n)) mantissa++;
    mantissa <<= drop;
    if (mantissa >> LEADING > 1n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const fraction = (mantissa & ((1n << LEADING) - 1n)).toString(16)
    .padStart(15, "0");
  const digits = precision < 0
    ? fraction.replace(/0+$/, "")
    : fraction.slice(0, precision).padEnd(precision, "0");
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `0x${mantissa >> LEADING}${digits === "" ? "" : `.${digits}`}p${
    exponent < 0 ? "-" : "+"
  }${power}`;
}
