import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  compileNames,
  compilePattern,
  compileRange,
  compileTagSets,
  isRestricting,
  literal,
} from "../../src/config/tag_filter.ts";

Deno.test("compilePattern() binds a pattern at both ends as a whole", () => {
  const tags = ["v1", "v12", "a", "sha256-ba", "xa"];
  deepStrictEqual(tags.filter(compilePattern("v1|a")), ["v1", "a"]);
  deepStrictEqual(["", "x"].filter(compilePattern("")), [""]);
});

Deno.test("compilePattern() knows Go's syntax", () => {
  for (
    const [pattern, name] of [
      ["(?i)EDGE", "edge"],
      ["(?P<major>\\d+)\\.\\d+", "3.10"],
      ["[[:alpha:]]+", "abc"],
      ["a{,3}", "a{,3}"],
      ["\\Q1.0\\E", "1.0"],
      ["\\pL+", "abc"],
      ["\\Av1\\z", "v1"],
    ] as const
  ) {
    strictEqual(compilePattern(pattern)(name), true, pattern);
  }
  strictEqual(compilePattern("latest")("LATEST"), false);
});

Deno.test("compilePattern() takes a leading repetition as upstream does", () => {
  deepStrictEqual(["a", "", "v1"].filter(compilePattern("*")), ["a", "", "v1"]);
  deepStrictEqual(["a-ci", "b"].filter(compilePattern("*-ci")), ["a-ci"]);
});

Deno.test("compilePattern() matches hostile patterns in linear time", () => {
  const started = performance.now();
  strictEqual(compilePattern("(a*)*(a|aa)+b")("a".repeat(5000)), false);
  strictEqual(performance.now() - started < 2000, true);
  throws(() => compilePattern("a".repeat(5000)), /longer than 4096/);
});

Deno.test("compileNames() and compileRange() say which rule is broken", () => {
  throws(() => compileNames({ allow: ["ok", "(a"] }), {
    code: "config",
    message:
      'invalid allow pattern "(a": error parsing regexp: missing closing ): `(a`',
  });
  throws(
    () => compileNames({ deny: ["(?=a)"] }),
    /invalid deny pattern "\(\?=a\)": .*invalid or unsupported Perl syntax: `\(\?=`/,
  );
  throws(() => compileNames({ allow: ["(a)\\1"] }), /invalid escape sequence/);
  throws(() => compileRange(">=x"), {
    message:
      'invalid semver range ">=x": invalid constraint version: invalid version part 0: x',
  });
});

Deno.test("compileTagSets() applies ranges, then allow, then deny", () => {
  const filter = compileTagSets([{
    semverRange: [">=2", "=1"],
    allow: ["1", "3", "4", "latest"],
    deny: ["4"],
  }]);
  deepStrictEqual(filter.select(["4", "3", "latest", "2", "1"]), ["3", "1"]);
});

Deno.test("compileTagSets() unites sets in their order, each tag once", () => {
  const filter = compileTagSets([
    { allow: ["v.*"], deny: ["v2"] },
    { allow: ["v3", "a1"] },
  ]);
  deepStrictEqual(filter.select(["a1", "a2", "v1", "v2", "v3"]), [
    "v1",
    "v3",
    "a1",
  ]);
});

Deno.test("compileTagSets() takes all tags without a set, and with an empty one", () => {
  deepStrictEqual(compileTagSets([]).select(["b", "a"]), ["b", "a"]);
  deepStrictEqual(compileTagSets([{}]).select(["b", "a"]), ["b", "a"]);
  deepStrictEqual(
    compileTagSets([{ semverRange: [""] }]).select(["b", "1"]),
    ["b", "1"],
  );
  throws(() => compileTagSets([{ semverRange: [" "] }]), /empty constraint/);
});

Deno.test("compileTagSets() names the tags where every allow rule is literal", () => {
  const names = (...sets: Parameters<typeof compileTagSets>[0]) =>
    compileTagSets(sets).names;
  deepStrictEqual(names({ allow: ["latest", "3\\.10"] }), ["latest", "3.10"]);
  deepStrictEqual(names({ allow: ["a"], deny: ["b.*"] }), ["a"]);
  deepStrictEqual(names({ allow: ["a"] }, { allow: ["b", "a"] }), ["a", "b"]);
  deepStrictEqual(names({ allow: ["", "-x", "a"] }), ["a"]);
  strictEqual(names({ allow: ["3.10"] }), undefined);
  strictEqual(names({ allow: ["a"] }, { deny: ["b"] }), undefined);
  strictEqual(names({ allow: ["a"], semverRange: [">=1"] }), undefined);
  strictEqual(names(), undefined);
});

Deno.test("literal() tells a text from a pattern", () => {
  strictEqual(literal("edge"), "edge");
  strictEqual(literal("v1\\.2-rc\\+x"), "v1.2-rc+x");
  strictEqual(literal("\\d"), undefined);
  strictEqual(literal("a|b"), undefined);
});

Deno.test("isRestricting() sees a rule in any list", () => {
  strictEqual(isRestricting({ allow: [], deny: [] }), false);
  strictEqual(isRestricting({ semverRange: [""] }), true);
  strictEqual(isRestricting({ deny: ["x"] }), true);
});
