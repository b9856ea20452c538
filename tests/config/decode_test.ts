import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  decode,
  type Decoder,
  formatProblem,
} from "../../src/config/decode.ts";
import { list, record, table } from "../../src/config/decode_parts.ts";
import {
  bool,
  choice,
  duration,
  durationOrNanoseconds,
  integer,
  number,
  text,
} from "../../src/config/decode_scalar.ts";
import { parseYaml } from "../../src/config/yaml.ts";

/** Decodes the value of the key `v`. */
function value<T>(decoder: Decoder<T>, yaml: string): unknown {
  const whole = record({ v: decoder });
  const { value } = decode(whole, parseYaml(`v: ${yaml}`), { file: "f" });
  return value.v;
}

/** Runs one row of the coercion table. */
function accepts<T>(
  decoder: Decoder<T>,
  rows: readonly (readonly [yaml: string, value: unknown])[],
): void {
  for (const [yaml, expected] of rows) {
    deepStrictEqual(value(decoder, yaml), expected, yaml);
  }
}

function refuses<T>(
  decoder: Decoder<T>,
  rows: readonly (readonly [yaml: string, message: RegExp])[],
): void {
  for (const [yaml, message] of rows) {
    throws(() => value(decoder, yaml), (error: Error) => {
      strictEqual((error as { code?: string }).code, "config");
      const [first = ""] = error.message.split("\n");
      strictEqual(first.startsWith("f:1:"), true, first);
      strictEqual(message.test(first), true, `${yaml}: ${first}`);
      strictEqual(/: v.*found .*; expected /.test(first), true, first);
      return true;
    });
  }
}

Deno.test("text() takes every scalar as it was written", () => {
  accepts(text(), [
    ["abc", "abc"],
    ["3.10", "3.10"],
    ["010", "010"],
    ["True", "True"],
    ["yes", "yes"],
    ["'null'", "null"],
    ["null", undefined],
    ['""', ""],
  ]);
  refuses(text(), [["[a]", /found a list/], ["{a: b}", /found a mapping/]]);
  deepStrictEqual(value(list(text()), "[~, a]"), ["", "a"]);
});

Deno.test("bool() takes the words of YAML 1.1, quoted too", () => {
  accepts(bool(), [
    ["true", true],
    ["TRUE", true],
    ["yes", true],
    ["On", true],
    ['"true"', true],
    ["off", false],
    ["no", false],
    ["False", false],
    ["null", undefined],
  ]);
  refuses(bool(), [
    ["1", /found "1"; expected true or false/],
    ["0", /found "0"/],
    ['""', /found ""/],
    ["maybe", /found "maybe"/],
    ["[true]", /found a list/],
  ]);
});

Deno.test("integer() reads every base and cuts off fractions", () => {
  accepts(integer(), [
    ["5", 5],
    ['"2"', 2],
    ["2.5", 2],
    ["-2.5", -2],
    ["1e1", 10],
    ["0x10", 16],
    ["0b11", 3],
    ["010", 8],
    ["0o10", 8],
    ["1_000", 1000],
    ["+1", 1],
    ["0", 0],
  ]);
  refuses(integer(), [
    ["true", /found "true"; expected a whole number/],
    ['""', /found ""/],
    ["a", /found "a"/],
    ["[1]", /found a list/],
    ["99999999999999999999", /overflow/],
    [".inf", /found ".inf"/],
  ]);
  refuses(integer({ min: 0 }), [["-1", /overflow.*0 or more/]]);
});

Deno.test("number() takes fractions", () => {
  accepts(number(), [["1.5", 1.5], ["3", 3], [".5", 0.5], ["1e2", 100]]);
  refuses(number(), [["x", /expected a number/], [".nan", /expected/]]);
});

Deno.test("duration() takes Go's spelling and a plain 0", () => {
  accepts(duration(), [
    ["1h30m", 5_400_000_000_000n],
    ["0", 0n],
    ['"0"', 0n],
    ["-2s", -2_000_000_000n],
    [".5m", 30_000_000_000n],
    ["1h1h", 7_200_000_000_000n],
  ]);
  refuses(duration(), [
    ["60", /time: missing unit in duration "60"; found "60"; expected/],
    ['"60"', /missing unit/],
    ["1d", /time: unknown unit "d" in duration "1d"/],
    ['""', /time: invalid duration ""/],
    ["1h 5m", /unknown unit/],
    ["[1h]", /found a list/],
  ]);
});

Deno.test("durationOrNanoseconds() takes both", () => {
  accepts(durationOrNanoseconds(), [
    ["1h", 3_600_000_000_000n],
    ["3600000000000", 3_600_000_000_000n],
    ['"3600000000000"', 3_600_000_000_000n],
    ["0", 0n],
  ]);
  refuses(durationOrNanoseconds(), [["1.5", /nanoseconds/]]);
});

Deno.test("choice() takes its words in any case, and nothing", () => {
  const tls = choice(["enabled", "disabled"], {
    wrong: (found) => `unknown TLS value "${found}"`,
  });
  accepts(tls, [
    ["Enabled", "enabled"],
    ["disabled", "disabled"],
    ['""', undefined],
    ["~", undefined],
  ]);
  refuses(tls, [
    ["off", /unknown TLS value "off"; found "off"; expected one of enabled, d/],
    ["true", /unknown TLS value "true"/],
  ]);
});

Deno.test("list() and table() want their shapes and name the place inside", () => {
  accepts(list(integer()), [["[1, 2]", [1, 2]], ["~", undefined]]);
  accepts(table(text()), [["{a: 1, __proto__: 2}", {
    a: "1",
    ["__proto__"]: "2",
  }]]);
  refuses(list(integer()), [
    ["one", /found "one"; expected a list, each item a whole number/],
    ["[1, x]", /^f:1:8: v\[1\]: found "x"/],
  ]);
  refuses(table(text()), [
    ["[a]", /found a list; expected a mapping/],
    ["{a: [b]}", /^f:1:8: v\.a: found a list; expected text/],
  ]);
});

Deno.test("record() reports all errors at once, in file order", () => {
  const decoder = record({ a: bool(), b: record({ c: integer() }) });
  throws(
    () => decode(decoder, parseYaml("a: 7\nb:\n  c: x"), { file: "f" }),
    /^RegError: f:1:4: a: found "7"; .*\nf:3:6: b\.c: found "x"/,
  );
});

Deno.test("record() warns of unknown and repeated keys, not of x- ones", () => {
  const decoder = record({ tags: list(text()), type: text() });
  const { warnings } = decode(
    decoder,
    parseYaml("tagz: []\nx-own: 1\ntype: a\ntype: b\nzzz: 1"),
  );
  deepStrictEqual(warnings.map((warning) => formatProblem(warning, "f")), [
    'f:1:1: tagz: unknown key, ignored; did you mean "tags"?',
    "f:4:1: type: key stands twice, the value of line 3 is lost",
    "f:5:1: zzz: unknown key, ignored; known are tags, type",
  ]);
});

Deno.test("record() reads an alias of a key, which the key itself overrides", () => {
  const decoder = record({ fastCheck: bool() }, {
    aliases: { fastCopy: "fastCheck" },
  });
  const read = (yaml: string) => decode(decoder, parseYaml(yaml)).value;
  deepStrictEqual(read("fastCopy: true"), { fastCheck: true });
  deepStrictEqual(read("fastCopy: true\nfastCheck: false"), {
    fastCheck: false,
  });
});

Deno.test("a check warns and keeps the value", () => {
  const decoder = record({
    type: text({ check: (type) => type === "a" ? undefined : "must be a" }),
  });
  const { value, warnings } = decode(decoder, parseYaml("type: b"));
  deepStrictEqual(value, { type: "b" });
  deepStrictEqual(warnings.map(({ message }) => message), ["must be a"]);
});

Deno.test("a decoder's JSON Schema says what it takes", () => {
  const decoder = record({ on: bool({ description: "Switch." }) }, {
    aliases: { enabled: "on" },
  });
  deepStrictEqual(decoder.schema, {
    type: ["object", "null"],
    properties: {
      on: {
        description: "Switch.",
        anyOf: [
          { type: ["boolean", "null"] },
          { enum: ["true", "false", "yes", "no", "on", "off"] },
        ],
      },
      enabled: {
        description: "Another name of on.",
        anyOf: [
          { type: ["boolean", "null"] },
          { enum: ["true", "false", "yes", "no", "on", "off"] },
        ],
      },
    },
    patternProperties: { "^x-": {} },
    additionalProperties: false,
  });
});
