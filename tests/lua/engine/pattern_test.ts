import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { Matcher, PatternError } from "../../../src/lua/engine/pattern.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const never = () => {};

/** What the pattern matches first, and its captures. */
function match(text: string, pattern: string): readonly string[] | undefined {
  const matcher = new Matcher(bytes(text), bytes(pattern), never);
  for (let from = 0; from <= text.length; from++) {
    const to = matcher.matchAt(from, 0);
    if (to < 0) continue;
    const captures = matcher.captures(from, to).map((c) =>
      "position" in c ? `@${c.position}` : text.slice(c.start, c.end)
    );
    return [text.slice(from, to), ...captures];
  }
  return undefined;
}

Deno.test("Matcher matches classes, sets, repetitions, balances, frontiers and references", () => {
  const cases:
    readonly (readonly [string, string, readonly string[] | undefined])[] = [
      ["v1.20-alpine", "%d+", ["1", "1"]],
      ["v1.20-alpine", "(%d+)%.(%d+)%-(%a+)$", [
        "1.20-alpine",
        "1",
        "20",
        "alpine",
      ]],
      ["key = value", "^(%w+)%s*=%s*(%w+)$", undefined],
      ["key = value", "(%w+)%s*=%s*(%w+)$", ["key = value", "key", "value"]],
      ["f(a(b)c)d", "%b()", ["(a(b)c)", "(a(b)c)"]],
      ["THE (quick) fox", "%f[%a]%a+%f[%A]", ["THE", "THE"]],
      [`say "it's" now`, `(["'])(.-)%1`, [`"it's"`, `"`, "it's"]],
      ["hello", "()ll()", ["ll", "@3", "@5"]],
      ["a-b", "[%w%-]+", ["a-b", "a-b"]],
      ["x]y", "[]]", ["]", "]"]],
      ["x^y", "[%^]", ["^", "^"]],
      ["abc", "[^a-b]", ["c", "c"]],
      ["aXb", "%u", ["X", "X"]],
      ["aaa", "a-b", undefined],
      ["aaab", "a-b", ["aaab", "aaab"]],
      ["ab", "a?ab", ["ab", "ab"]],
      ["", ".*", ["", ""]],
      ["a.b", "%.", [".", "."]],
    ];
  for (const [text, pattern, expected] of cases) {
    const got = match(text, pattern);
    // `^` is the caller's to handle: here it is a plain character.
    deepStrictEqual(got, expected, `${text} ${pattern}`);
  }
});

Deno.test("Matcher refuses malformed patterns", () => {
  for (const pattern of ["[a", "%", "(a", "a)", "%b", "%1", "%f", "[%"]) {
    throws(() => match("aaa(((", pattern), PatternError, pattern);
  }
  throws(() => match("a", "()".repeat(33)), /too many captures/);
});

Deno.test("Matcher finds a plain text where indexOf does", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 20 });
  fc.assert(fc.property(text, text, (subject, wanted) => {
    strictEqual(
      match(subject, wanted)?.[0] !== undefined,
      subject.includes(wanted),
    );
  }));
});

Deno.test("Matcher tells of its work, so that an endless match can be ended", () => {
  const stop = new Error("stop");
  let steps = 0;
  const matcher = new Matcher(
    bytes("a".repeat(40)),
    bytes("a?".repeat(40) + "a".repeat(41)),
    (more) => {
      steps += more;
      if (steps > 1e6) throw stop;
    },
  );
  throws(() => matcher.matchAt(0, 0), stop);
});

Deno.test("Matcher refuses patterns that would take the stack", () => {
  throws(() => match("a".repeat(5000), "a?".repeat(5000)), /too complex/);
});
