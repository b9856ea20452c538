import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { Digest } from "../../../../src/registry/core.ts";
import {
  EMPTY_INDEX,
  encodeIndex,
  findDigest,
  findTag,
  type LayoutIndex,
  makeRow,
  parseIndex,
  tagsOf,
  withoutDigest,
  withoutTag,
  withRow,
} from "../../../../src/registry/store/layout/rows.ts";

const NOW = new Date("2020-01-02T03:04:05.999Z");
const digest = (n: number): Digest =>
  `sha256:${n.toString(16).padStart(64, "0")}`;
const row = (n: number, name: string) =>
  makeRow({ mediaType: "a/b", digest: digest(n), size: n }, name, NOW);
const names = (index: LayoutIndex) =>
  index.rows.map(({ name, descriptor }) => `${name}=${descriptor.size}`);
const build = (...rows: [number, string][]) =>
  rows.reduce((index, [n, name]) => withRow(index, row(n, name)), EMPTY_INDEX);

Deno.test("withRow() replaces a tag in its place and keeps the row of the same digest", () => {
  const index = build([1, "a"], [2, "b"], [1, ""]);
  deepStrictEqual(names(withRow(index, row(3, "a"))), ["a=3", "b=2", "=1"]);
  strictEqual(withRow(index, row(2, "b")), index);
  strictEqual(withRow(index, row(1, "")), index);
  deepStrictEqual(names(withRow(index, row(2, ""))), [
    "a=1",
    "b=2",
    "=1",
    "=2",
  ]);
});

Deno.test("withRow() drops further rows of the same name", () => {
  const twice = {
    ...EMPTY_INDEX,
    rows: [row(1, "a"), row(2, "b"), row(3, "a")],
  };
  deepStrictEqual(names(withRow(twice, row(1, "a"))), ["a=1", "b=2"]);
});

Deno.test("findTag() takes an exact name before the end of a full one", () => {
  const index = build([1, "example.com/app:v1"], [2, "v1"], [3, "x:latest"]);
  strictEqual(findTag(index, "v1")?.descriptor.size, 2);
  strictEqual(findTag(index, "latest")?.descriptor.size, 3);
  strictEqual(findTag(index, "atest"), undefined);
  strictEqual(findDigest(index, digest(1))?.name, "example.com/app:v1");
  deepStrictEqual(tagsOf(index), ["latest", "v1"]);
});

Deno.test("withoutTag() and withoutDigest() remove every such row", () => {
  const index = build([1, "example.com/app:v1"], [2, "v1"], [2, ""], [3, "w"]);
  deepStrictEqual(names(withoutTag(index, "v1")), ["=2", "w=3"]);
  deepStrictEqual(names(withoutDigest(index, digest(2))), [
    "example.com/app:v1=1",
    "w=3",
  ]);
  strictEqual(withoutTag(index, "none"), index);
  strictEqual(withoutTag(index, ""), index);
});

Deno.test("parseIndex() names the entry that is wrong", () => {
  const parse = (text: string) =>
    parseIndex(new TextEncoder().encode(text), "x/index.json");
  const good = JSON.stringify(row(1, "").json);
  const cases: readonly (readonly [string, RegExp])[] = [
    ["{", /Cannot read "x\/index.json": it is not JSON/],
    ["[]", /no JSON object/],
    [`{"manifests":{}}`, /"manifests" is no list/],
    [`{"manifests":[${good},1]}`, /"manifests\[1\]" is no descriptor/],
    [
      `{"manifests":[{"digest":"sha256:../../etc","size":1}]}`,
      /"manifests\[0\]" has a bad digest: "sha256:\.\.\/\.\.\/etc"/,
    ],
    [good.replace('"size":1', '"size":-1'), /bad size/],
    [good.replace('"size":1', '"size":1.5'), /bad size/],
    [good.replace('"a/b"', "7"), /bad media type/],
  ].map(([text = "", reason = ""], i) =>
    i < 5 ? [String(text), reason as RegExp] : [
      `{"manifests":[${text}]}`,
      reason as RegExp,
    ]
  );
  for (const [text, reason] of cases) throws(() => parse(text), reason);
  deepStrictEqual(parse(`{"manifests":null}`).rows, []);
});

Deno.test("parseIndex() reads or refuses any bytes, and encodeIndex() gives them back", () => {
  fc.assert(fc.property(
    fc.record({
      manifests: fc.array(fc.oneof(
        fc.jsonValue(),
        fc.record({
          mediaType: fc.string(),
          digest: fc.constantFrom(digest(1), digest(2), "sha256:x"),
          size: fc.integer({ min: -1, max: 9 }),
          annotations: fc.dictionary(fc.string(), fc.string()),
        }),
      )),
    }),
    (value) => {
      const bytes = new TextEncoder().encode(JSON.stringify(value));
      let index: LayoutIndex;
      try {
        index = parseIndex(bytes, "x");
      } catch (error) {
        strictEqual(
          error instanceof Error && error.message.startsWith("Cannot read"),
          true,
        );
        return;
      }
      deepStrictEqual(
        names(parseIndex(encodeIndex(index), "x")),
        names(index),
      );
    },
  ));
});
