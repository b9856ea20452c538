import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { decode } from "../../src/config/decode.ts";
import { file } from "../../src/config/regsync_schema.ts";
import {
  COPIED_TYPES,
  inherit,
  retryOf,
} from "../../src/config/regsync_steps.ts";
import { parseYaml } from "../../src/config/yaml.ts";

const MINUTE = 60_000_000_000n;

/** The first step of a file of defaults and one step. */
function step(defaults: string, step: string) {
  const text = `defaults: {${defaults}}\nsync: [{${step}}]`;
  const { value } = decode(file, parseYaml(text));
  return inherit(value.sync?.[0] ?? {}, value.defaults ?? {});
}

Deno.test("inherit() cannot cancel a text with an empty one", () => {
  strictEqual(step("backup: b", 'backup: ""').backup, "b");
  strictEqual(step("backup: b", "backup: c").backup, "c");
});

Deno.test("inherit() lets either of schedule and interval keep both away", () => {
  const timing = (defaults: string, own: string) => {
    const { schedule, interval } = step(defaults, own);
    return [schedule, interval];
  };
  deepStrictEqual(timing("schedule: s, interval: 1m", ""), ["s", 0n]);
  deepStrictEqual(timing("interval: 1m", ""), ["", MINUTE]);
  deepStrictEqual(timing("schedule: s", "interval: 2m"), ["", 2n * MINUTE]);
  deepStrictEqual(timing("schedule: s", "interval: 0s"), ["s", 0n]);
  deepStrictEqual(timing("interval: 1m", "schedule: x"), ["x", 0n]);
  deepStrictEqual(timing("", "schedule: x, interval: 1m"), ["x", MINUTE]);
});

Deno.test("inherit() raises the retry of a rate limit to five minutes", () => {
  const limit = (defaults: string, own: string) =>
    step(`ratelimit: {${defaults}}`, `ratelimit: {${own}}`).rateLimit;
  deepStrictEqual(limit("", ""), { min: 0, retry: 5n * MINUTE });
  deepStrictEqual(limit("min: 10, retry: 15m", ""), {
    min: 10,
    retry: 15n * MINUTE,
  });
  deepStrictEqual(limit("min: 10, retry: 15m", "min: 3, retry: 1s"), {
    min: 3,
    retry: 5n * MINUTE,
  });
  strictEqual(limit("min: 10", "min: -1").min, -1);
  strictEqual(retryOf(undefined), 5n * MINUTE);
});

Deno.test("inherit() knows set, unset and not set flags", () => {
  const { referrers, digestTags, fastCheck } = step(
    "referrers: true, digestTags: true",
    "referrers: false",
  );
  deepStrictEqual([referrers, digestTags, fastCheck], [false, true, false]);
  strictEqual(step("fastCopy: true", "").fastCheck, true);
});

Deno.test("inherit() takes empty media types as none, empty filters as no filter", () => {
  deepStrictEqual(step("", "mediaTypes: []").mediaTypes, COPIED_TYPES);
  deepStrictEqual(step("mediaTypes: [a]", "mediaTypes: []").mediaTypes, ["a"]);
  const filters = "referrerFilters: [{artifactType: a}]";
  deepStrictEqual(step(filters, "").referrerFilters, [
    { artifactType: "a", annotations: {} },
  ]);
  deepStrictEqual(step(filters, "referrerFilters: []").referrerFilters, []);
});

Deno.test("inherit() takes each hook by itself", () => {
  deepStrictEqual(
    step("hooks: {pre: {type: a}, post: {type: b}}", "hooks: {pre: {type: c}}")
      .hooks,
    { pre: { type: "c", params: [] }, post: { type: "b", params: [] } },
  );
});

Deno.test("inherit() has no defaults for filters and platforms", () => {
  const { tags, tagSets, repos, platform, platforms } = step("", "");
  deepStrictEqual([tags, tagSets, repos, platform, platforms], [
    {},
    [],
    {},
    "",
    [],
  ]);
});
