/**
 * Sizes in bytes, as people write them.
 *
 * @module
 */
import { RegError } from "./errors.ts";

/** Bytes by unit; a unit without an `i` counts in thousands, as disks do. */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 2 ** 10,
  m: 1e6,
  mb: 1e6,
  mib: 2 ** 20,
  g: 1e9,
  gb: 1e9,
  gib: 2 ** 30,
  t: 1e12,
  tb: 1e12,
  tib: 2 ** 40,
};

/**
 * Reads a size such as `4MiB`, `10G` or `1024`.
 *
 * @throws {RegError} `usage`
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(parseSize("1.5 KiB"), 1536);
 * ```
 */
export function parseSize(text: string): number {
  const [, number = "", unit = ""] =
    /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  const scale = UNITS[unit.toLowerCase()];
  const size = Math.floor(Number(number) * (scale ?? NaN));
  if (number !== "" && Number.isSafeInteger(size)) return size;
  throw new RegError(
    "usage",
    `Cannot read size ${JSON.stringify(text)}: write it as 4MiB, 10G or 1024`,
  );
}
