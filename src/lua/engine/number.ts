/**
 * The text of a number.
 *
 * @module
 */

/** From 2^63 on, a whole number is printed with an exponent. */
const WHOLE = 2 ** 63;

/**
 * Prints a number as upstream's interpreter does: whole ones in full, others in
 * the shortest form that reads back the same, with an exponent below 1e-4 and
 * from 1e6 on (Go's `%v`).
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([10 / 2, 1e15, 0.1, 1e-5].map(formatNumber), [
 *   "5",
 *   "1000000000000000",
 *   "0.1",
 *   "1e-05",
 * ]);
 * ```
 */
export function formatNumber(n: number): string {
  if (Number.isNaN(n)) return "nan";
  if (!Number.isFinite(n)) return n > 0 ? "inf" : "-inf";
  if (Number.isInteger(n) && n >= -WHOLE && n < WHOLE) {
    return Number.isSafeInteger(n)
      ? String(n === 0 ? 0 : n)
      : String(BigInt(n));
  }
  return shortest(n);
}

function shortest(n: number): string {
  const [digits = "", power = "0"] = n.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return plain(digits, exponent);
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits}e${exponent < 0 ? "-" : "+"}${size}`;
}

/** `d.ddd` times ten to the power of `exponent`, written without it. */
function plain(scientific: string, exponent: number): string {
  const sign = scientific.startsWith("-") ? "-" : "";
  const digits = scientific.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return sign + whole + (fraction === "" ? "" : `.${fraction}`);
}
