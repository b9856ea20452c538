import { deepStrictEqual, match } from "node:assert/strict";
import fc from "fast-check";
import {
  type HostValue,
  LuaOther,
  LuaTable,
  type LuaValue,
} from "../../../src/lua/codec.ts";
import { failure, run } from "../run.ts";

/** Hands values to a script, which hands them back. */
function roundTrip(value: HostValue): LuaValue {
  let got: LuaValue;
  const { outcome } = run("back(give())", {
    functions: {
      give: () => [value],
      back: (v) => {
        got = v;
        return [];
      },
    },
  });
  deepStrictEqual(outcome, { type: "done" });
  return got;
}

/** What a value of ours should come back as. */
function expected(value: HostValue): LuaValue {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return new TextEncoder().encode(value);
  if (Array.isArray(value)) {
    return new LuaTable(value.map(expected), new Map());
  }
  if (value instanceof Map) {
    const fields = Array.from(value, ([k, v]) => [k, expected(v)] as const);
    return new LuaTable([], new Map(fields));
  }
  if (value instanceof Uint8Array || typeof value !== "object") {
    return value as LuaValue;
  }
  throw new Error("not made here");
}

Deno.test("values come back as they went, byte by byte", () => {
  const key = fc.string({ minLength: 1, maxLength: 5, unit: "grapheme" });
  const { tree } = fc.letrec<{ tree: HostValue }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      fc.boolean(),
      fc.double({ noNaN: true }),
      fc.string({ unit: "grapheme" }),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(tie("tree"), { maxLength: 5 }),
      fc.uniqueArray(fc.tuple(key, tie("tree")), {
        minLength: 1,
        maxLength: 5,
        selector: ([k]) => k,
      }).map((entries) => new Map(entries)),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const [got, want] = [roundTrip(value), expected(value)];
      deepStrictEqual(sorted(got), sorted(want));
    }),
    { numRuns: 60 },
  );
});

/** The same with the fields of tables in order, which Lua does not keep. */
function sorted(value: LuaValue): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (!(value instanceof LuaTable)) return value;
  const fields = [...value.fields].map(([k, v]) => [String(k), sorted(v)]);
  return [
    value.list.map(sorted),
    fields.sort(([a], [b]) => String(a) < String(b) ? -1 : 1),
  ];
}

Deno.test("large strings and lists pass", () => {
  const large = new Uint8Array(3 << 20).fill(7);
  deepStrictEqual(roundTrip(large), large);
  const list = Array.from({ length: 50_000 }, (_, i) => i);
  deepStrictEqual(roundTrip(list), new LuaTable(list, new Map()));
});

Deno.test("functions and coroutines are only named by their type", () => {
  const got: LuaValue[] = [];
  run("back(print, coroutine.create(function() end), newproxy())", {
    functions: {
      back: (...args) => {
        got.push(...args);
        return [];
      },
    },
  });
  deepStrictEqual(
    got,
    ["function", "thread", "userdata"].map((t) => new LuaOther(t)),
  );
});

Deno.test("tables that nest without end are refused", () => {
  match(
    failure("local t = {} t.t = t back(t)", { functions: { back: () => [] } }),
    /nests too deep/,
  );
});
