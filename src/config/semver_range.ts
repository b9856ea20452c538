/**
 * Version ranges for tags: `>=3.1 <3.10`, `^1.2`, `~2.0`. The rules are those of
 * upstream, made for tags, and differ from npm's: a version has any number of
 * parts (`3`, `10.0.17763.2114`), and prereleases are not left out.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";

/** A version: numbers, and what follows a hyphen. */
interface Version {
  readonly parts: readonly bigint[];
  /** The identifiers after the first hyphen; none is newer than any. */
  readonly prerelease: readonly string[];
}

const LARGEST = 2n ** 63n - 1n;

function parseVersion(text: string): Version {
  const [release = ""] = text.replace(/^v/, "").split("+");
  const hyphen = release.indexOf("-");
  const numbers = hyphen < 0 ? release : release.slice(0, hyphen);
  const rest = hyphen < 0 ? "" : release.slice(hyphen + 1);
  const parts = numbers.split(".").map((part, index) => {
    const value = /^\d{1,40}$/.test(part) ? BigInt(part) : undefined;
    if (value !== undefined && value <= LARGEST) return value;
    throw new RegError("config", `invalid version part ${index}: ${text}`);
  });
  return { parts, prerelease: rest === "" ? [] : rest.split(".") };
}

function compare(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.parts.length, b.parts.length); i++) {
    const [x, y] = [a.parts[i] ?? 0n, b.parts[i] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) {
    return b.prerelease.length - a.prerelease.length;
  }
  for (let i = 0; i < a.prerelease.length && i < b.prerelease.length; i++) {
    const order = compareWords(a.prerelease[i] ?? "", b.prerelease[i] ?? "");
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

/** Compares texts as such and the numbers in them as numbers: `rc2` < `rc11`. */
function compareWords(a: string, b: string): number {
  const [x, y] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [p = "", q = ""] = [x[i], y[i]];
    if (p === q) continue;
    const numeric = /^\d/.test(p) && /^\d/.test(q);
    // A number or the end comes before a text, as in plain order.
    if (!numeric) return p < q ? -1 : 1;
    const difference = BigInt(p) - BigInt(q);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

type Test = (version: Version) => boolean;

const OPERATORS: readonly (readonly [
  sign: string,
  kind: string,
  make: (bound: Version) => Test,
])[] = [
  [">=", "", (bound) => (version) => compare(version, bound) >= 0],
  ["<=", "", (bound) => (version) => compare(version, bound) <= 0],
  [">", "", (bound) => (version) => compare(version, bound) > 0],
  ["<", "", (bound) => (version) => compare(version, bound) < 0],
  ["=", "", (bound) => (version) => compare(version, bound) === 0],
  ["^", "caret ", (bound) => between(bound, caret(bound))],
  ["~", "tilde ", (bound) => between(bound, tilde(bound))],
  ["", "", (bound) => (version) => compare(version, bound) === 0],
];

function between(low: Version, high: readonly bigint[]): Test {
  const end = { parts: high, prerelease: [] };
  return (version) => compare(version, low) >= 0 && compare(version, end) < 0;
}

/** The end of `^a.b.c`: the next change of its first number that is not 0. */
function caret({ parts }: Version): bigint[] {
  const [major = 0n, minor = 0n, patch = 0n] = parts;
  if (major > 0n) return [major + 1n];
  return minor > 0n ? [0n, minor + 1n] : [0n, 0n, patch + 1n];
}

/** The end of `~a.b.c`: the next minor version. */
function tilde({ parts }: Version): bigint[] {
  const [major = 0n, minor = 0n] = parts;
  return [major, minor + 1n];
}

/**
 * Compares two tags as versions: negative, 0 or positive; nothing where one of
 * them is no version.
 */
export function compareVersions(a: string, b: string): number | undefined {
  try {
    return compare(parseVersion(a), parseVersion(b));
  } catch {
    return undefined;
  }
}

/** Tells whether a tag is a version in the range; what is no version is not. */
export type SemverRange = (tag: string) => boolean;

/**
 * Parses comparators that are separated by white space and must all hold.
 *
 * @throws {RegError} `config`, with the same text as upstream.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * const tags = ["3.1", "3.9", "3.10", "latest"];
 * deepStrictEqual(tags.filter(parseSemverRange(">=3.1 <3.10")), ["3.1", "3.9"]);
 * ```
 */
export function parseSemverRange(text: string): SemverRange {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) throw new RegError("config", "empty constraint");
  const tests = words.map(parseComparator);
  return (tag) => {
    let version: Version;
    try {
      version = parseVersion(tag);
    } catch {
      return false;
    }
    return tests.every((test) => test(version));
  };
}

function parseComparator(word: string): Test {
  for (const [sign, kind, make] of OPERATORS) {
    if (!word.startsWith(sign)) continue;
    try {
      return make(parseVersion(word.slice(sign.length)));
    } catch (error) {
      throw new RegError(
        "config",
        `invalid ${kind}constraint version: ${(error as Error).message}`,
      );
    }
  }
  throw new RegError("internal", "No comparator is left");
}
