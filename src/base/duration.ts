/**
 * Durations in Go's spelling (`time.ParseDuration`, `Duration.String`), as
 * integer nanoseconds: the unit in which they appear in JSON and in logs.
 *
 * @module
 */
import { RegError } from "./errors.ts";

/** Nanoseconds in a millisecond. */
export const MILLISECOND = 1_000_000n;
/** Nanoseconds in a second. */
export const SECOND: bigint = 1000n * MILLISECOND;
/** Nanoseconds in a minute. */
export const MINUTE: bigint = 60n * SECOND;
/** Nanoseconds in an hour. */
export const HOUR: bigint = 60n * MINUTE;

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  "µs": 1000n, // U+00B5, the micro sign
  "μs": 1000n, // U+03BC, the Greek letter
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};

const LARGEST = 2n ** 63n - 1n;

/**
 * Parses `1h30m`, `1.5s`, `-2ms`, `0`.
 *
 * @returns Nanoseconds.
 * @throws {RegError} `config`, with Go's own text, for anything else.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(parseDuration("1h30m"), 5_400_000_000_000n);
 * ```
 */
export function parseDuration(text: string): bigint {
  const fail = (what: string) => new RegError("config", `time: ${what}`);
  const bad = () => fail(`invalid duration ${JSON.stringify(text)}`);
  const negative = text.startsWith("-");
  let rest = text.replace(/^[-+]/, "");
  if (rest === "0") return 0n;
  if (rest === "") throw bad();
  let total = 0n;
  while (rest !== "") {
    const [all = "", whole = "", fraction = "", unit = ""] =
      /^(\d*)(?:\.(\d*))?([^\d.]*)/.exec(rest) ?? [];
    if (whole === "" && fraction === "") throw bad();
    if (unit === "") {
      throw fail(`missing unit in duration ${JSON.stringify(text)}`);
    }
    const scale = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
    if (scale === undefined) {
      throw fail(
        `unknown unit ${JSON.stringify(unit)} in duration ${
          JSON.stringify(text)
        }`,
      );
    }
    // 18 digits are finer than a nanosecond of an hour: the rest cannot count.
    const digits = fraction.slice(0, 18);
    total += BigInt(whole === "" ? "0" : whole) * scale;
    total += BigInt(digits === "" ? "0" : digits) * scale /
      10n ** BigInt(digits.length);
    if (total > LARGEST + (negative ? 1n : 0n)) throw bad();
    rest = rest.slice(all.length);
  }
  return negative ? -total : total;
}

/**
 * Prints nanoseconds as Go does: `1h0m0s`, `1.5s`, `500ms`, `0s`.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(formatDuration(parseDuration("90m")), "1h30m0s");
 * ```
 */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const sign = nanoseconds < 0n ? "-" : "";
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < SECOND) {
    const [unit, scale] = size < 1000n
      ? ["ns", 1n] as const
      : size < MILLISECOND
      ? ["µs", 1000n] as const
      : ["ms", MILLISECOND] as const;
    return `${sign}${decimal(size, scale)}${unit}`;
  }
  const seconds = `${decimal(size % MINUTE, SECOND)}s`;
  if (size < MINUTE) return sign + seconds;
  const minutes = `${(size / MINUTE) % 60n}m${seconds}`;
  return size < HOUR ? sign + minutes : `${sign}${size / HOUR}h${minutes}`;
}

function decimal(value: bigint, scale: bigint): string {
  const fraction = (value % scale).toString()
    .padStart(scale.toString().length - 1, "0").replace(/0+$/, "");
  return fraction === ""
    ? `${value / scale}`
    : `${value / scale}.${scale === 1n ? "" : fraction}`;
}

/** Nanoseconds as the milliseconds that timers take. */
export function toMilliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / Number(MILLISECOND);
}
