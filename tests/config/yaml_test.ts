import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { describe, parseYaml, type YamlNode } from "../../src/config/yaml.ts";

/** The tree as plain values, for comparisons. */
function plain(node: YamlNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.text;
    case "list":
      return node.items.map(plain);
    case "map":
      return Object.fromEntries(
        [...node.entries].map(([key, { value }]) => [key, plain(value)]),
      );
  }
}

const read = (text: string) => plain(parseYaml(text));
const fails = (text: string, message: RegExp) =>
  throws(() => parseYaml(text, { file: "f.yml" }), message);

Deno.test("parseYaml() keeps numbers as they were written", () => {
  const raw = ["3.10", "010", "0x10", "1_000", ".inf", "1e3", "2021-01-01"];
  deepStrictEqual(read(`a: [${raw.join(", ")}]\nb: !!str 3.10`), {
    a: raw,
    b: "3.10",
  });
});

Deno.test("parseYaml() reads the first document only", () => {
  deepStrictEqual(read("a: 1\n---\n]broken"), { a: "1" });
  deepStrictEqual(read("--- # first\na: |\n  ---\n...\nb"), { a: "---\n" });
  deepStrictEqual(read("%YAML 1.2\n---\na: 1"), { a: "1" });
});

Deno.test("parseYaml() gives an empty mapping for nothing, comments and null", () => {
  for (const text of ["", "# only this\n", "null", "~", "\ufeff"]) {
    deepStrictEqual(read(text), {});
  }
});

Deno.test("parseYaml() follows aliases of scalars, lists and mappings", () => {
  deepStrictEqual(
    read(
      "x: &s v\ny: &l [1]\nz: &m {k: *s}\nall: [*s, *l, *m]\nx2: &s w\nx3: *s",
    ),
    {
      x: "v",
      y: ["1"],
      z: { k: "v" },
      all: ["v", ["1"], { k: "v" }],
      x2: "w",
      x3: "w",
    },
  );
});

Deno.test("parseYaml() lets explicit keys win over merged ones, before and after", () => {
  const step = "x: &x {a: merged, b: merged}\n";
  deepStrictEqual(read(`${step}s:\n  a: own\n  <<: *x`), {
    x: { a: "merged", b: "merged" },
    s: { a: "own", b: "merged" },
  });
  deepStrictEqual(read(`${step}s:\n  <<: *x\n  a: own`), {
    x: { a: "merged", b: "merged" },
    s: { a: "own", b: "merged" },
  });
});

Deno.test("parseYaml() merges a list of mappings, the earlier ones winning", () => {
  const { s } = read(
    "x: &x {a: 1}\ny: &y {a: 2, b: 2}\ns:\n  <<: [*x, *y]\n  c: 3",
  ) as { s: unknown };
  deepStrictEqual(s, { a: "1", b: "2", c: "3" });
  const { t } = read(
    "x: &x {a: 1}\ny: &y {a: 2}\nt:\n  <<: *x\n  <<: *y",
  ) as { t: unknown };
  deepStrictEqual(t, { a: "2" });
});

Deno.test("parseYaml() takes the last of repeated keys and says where the first was", () => {
  const tree = parseYaml("a: 1\nb: 2\na: 3");
  const entry = tree.kind === "map" ? tree.entries.get("a") : undefined;
  strictEqual(entry && plain(entry.value), "3");
  deepStrictEqual(entry?.at, { line: 3, column: 1 });
  deepStrictEqual(entry?.repeats, { line: 1, column: 1 });
});

Deno.test("parseYaml() names file, line and column of what it refuses", () => {
  fails(
    "a: 1\nb: *nope",
    /^RegError: f\.yml:2:4: could not find alias "nope"$/,
  );
  fails("a: &a [*a]", /f\.yml:1:8: alias "a" is inside its own anchor/);
  fails("a:\n\t- b\n", /f\.yml:2:1: Tabs are not allowed/);
  fails("a: [1,\n", /f\.yml:\d:\d: /);
  fails("a: 1\n]x", /f\.yml:2:1: Unexpected/);
  fails("? [a]\n: 1", /f\.yml:1:3: a key must be text/);
  fails("a: {<<: 5}", /f\.yml:1:5: "<<" takes a mapping .* found "5"/);
});

Deno.test("parseYaml() refuses bombs of aliases and of nesting", () => {
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 9; i++) {
    bomb.push(`a${i}: &a${i} [${Array(9).fill(`*a${i - 1}`).join(", ")}]`);
  }
  fails(bomb.join("\n"), /more than 200000 values/);
  fails(`a: ${"[".repeat(300)}${"]".repeat(300)}`, /nested deeper than 200/);
  fails("[".repeat(200_000), /nested too deeply/);
});

Deno.test("parseYaml() keeps keys that JavaScript treats specially", () => {
  const tree = parseYaml("__proto__: {polluted: 1}\nconstructor: x");
  strictEqual(tree.kind === "map" && tree.entries.size, 2);
  strictEqual(({} as Record<string, unknown>)["polluted"], undefined);
});

Deno.test("parseYaml() reads back any text in double quotes", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    deepStrictEqual(read(`a: ${JSON.stringify(text)}`), { a: text });
  }));
});

Deno.test("parseYaml() either reads a text or refuses it as a configuration", () => {
  const bits = ["a", ":", " ", "\n", "-", "[", "]", "{", "}", "&x", "*x", "<<"];
  fc.assert(fc.property(fc.array(fc.constantFrom(...bits)), (parts) => {
    try {
      parseYaml(parts.join(""));
    } catch (error) {
      strictEqual((error as { code?: string }).code, "config", String(error));
    }
  }));
});

Deno.test("describe() cuts long texts", () => {
  const at = { line: 1, column: 1 };
  const scalar = { kind: "scalar", plain: false, at } as const;
  strictEqual(describe({ ...scalar, text: "x".repeat(100) }).length, 82);
  strictEqual(describe({ kind: "list", items: [], at }), "a list");
});
