import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { parseSemverRange } from "../../src/config/semver_range.ts";

interface Row {
  readonly range: string;
  readonly matches?: readonly string[];
  readonly error?: string;
}

const { versions, rows }: {
  readonly versions: readonly string[];
  readonly rows: readonly Row[];
} = JSON.parse(
  Deno.readTextFileSync(
    new URL("./testdata/semver_vectors.json", import.meta.url),
  ),
);

/**
 * Upstream stops at the first equal identifier of a prerelease, so that rc.1,
 * rc.2 and rc are all equal; here they are compared to the end.
 */
const STOPS = /-(rc(\.|$|\+)|a\.)/;

Deno.test("parseSemverRange() selects what the reference selects", () => {
  strictEqual(rows.length, 45);
  for (const { range, matches, error } of rows) {
    if (error !== undefined) {
      throws(() => parseSemverRange(range), { code: "config", message: error });
      continue;
    }
    const compared = (tag: string) => !(STOPS.test(tag) && range.includes("-"));
    deepStrictEqual(
      versions.filter(parseSemverRange(range)).filter(compared),
      matches?.filter(compared),
      range,
    );
  }
});

Deno.test("parseSemverRange() compares prereleases to their end", () => {
  const tags = ["1-rc", "1-rc.1", "1-rc.2", "1-rc.10", "1-rc.2.x", "1"];
  const select = (range: string) => tags.filter(parseSemverRange(range));
  deepStrictEqual(select("=1-rc.2"), ["1-rc.2"]);
  deepStrictEqual(select(">1-rc.2"), ["1-rc.10", "1-rc.2.x", "1"]);
  deepStrictEqual(select("<1-rc.2"), ["1-rc", "1-rc.1"]);
});

Deno.test("parseSemverRange() orders any two versions one way", () => {
  const part = fc.stringMatching(/^[0-9]{1,3}$/);
  const version = fc.tuple(
    fc.array(part, { minLength: 1, maxLength: 4 }),
    fc.stringMatching(/^(-[a-z0-9.]{0,6})?$/),
  ).map(([parts, rest]) => parts.join(".") + rest);
  fc.assert(fc.property(version, version, version, (a, b, c) => {
    const less = (x: string, y: string) => parseSemverRange(`<${y}`)(x);
    const equal = parseSemverRange(`=${b}`)(a);
    strictEqual([less(a, b), less(b, a), equal].filter(Boolean).length, 1);
    if (less(a, b) && less(b, c)) strictEqual(less(a, c), true);
  }));
});
