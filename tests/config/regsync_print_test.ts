import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { loadRegsync } from "../../src/config/regsync.ts";
import { printRegsync } from "../../src/config/regsync_print.ts";

const TEXT = `
creds:
- registry: h
  user: u
  pass: geheim
  token: tok
  clientKey: key
  credExpire: 1h
defaults:
  ratelimit: {min: 1}
sync:
- source: a/b
  target: c/d
  type: repository
  interval: 60m
  tags: {allow: [3.10, "yes", "1_000"], deny: [], semverRange: [">=1"]}
  repos: {allow: [], deny: []}
  referrerFilters: [{artifactType: x, annotations: {b: "1", a: z}}]
`;

Deno.test("printRegsync() spells out every key in the documented order", () => {
  const text = printRegsync(loadRegsync(TEXT));
  const [, step = ""] = text.split("\nsync:\n");
  deepStrictEqual(step.split("\n").slice(0, 24), [
    "- source: a/b",
    "  target: c/d",
    "  type: repository",
    "  tags:",
    "    allow:",
    '    - "3.10"',
    '    - "yes"',
    '    - "1_000"',
    "    deny: []",
    "    semverRange:",
    '    - ">=1"',
    "  tagSets: []",
    "  repos:",
    "    allow: []",
    "    deny: []",
    "  digestTags: false",
    "  referrers: false",
    "  referrerFilters:",
    "  - artifactType: x",
    "    annotations:",
    "      a: z",
    '      b: "1"',
    '  referrerSource: ""',
    '  referrerTarget: ""',
  ]);
  match(text, /\n {2}digestTags: null\n/);
  match(text, /\n {2}credExpire: 3600000000000\n/);
  match(text, /\n {2}interval: 1h0m0s\n/);
});

Deno.test("printRegsync() covers secrets unless it is told otherwise", () => {
  const config = loadRegsync(TEXT);
  const covered = printRegsync(config);
  strictEqual(/geheim|tok$|key$/m.test(covered), false);
  strictEqual(covered.match(/"\*\*\*"/g)?.length, 3);
  match(printRegsync(config, { showSecrets: true }), /pass: geheim/);
});

Deno.test("printRegsync() with secrets gives what reads back as the same", () => {
  const once = loadRegsync(TEXT);
  const twice = loadRegsync(printRegsync(once, { showSecrets: true }));
  deepStrictEqual(twice.sync, once.sync);
  strictEqual(
    printRegsync(twice, { showSecrets: true }),
    printRegsync(once, { showSecrets: true }),
  );
});

Deno.test("printRegsync() keeps any text of a tag", () => {
  fc.assert(fc.property(fc.string(), (tag) => {
    const once = loadRegsync(
      `sync: [{tags: {deny: [${JSON.stringify(tag)}]}}]`,
    );
    const twice = loadRegsync(printRegsync(once));
    deepStrictEqual(twice.sync[0]?.tags.deny, [tag]);
  }));
});
