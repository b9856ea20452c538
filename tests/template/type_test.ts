import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  arrayOf,
  basicType,
  ERROR,
  functionOf,
  mapOf,
  namedType,
  pointerTo,
  sliceOf,
  structType,
} from "../../src/template/make_type.ts";
import { ANY, BOOL, INT, STRING } from "../../src/template/type.ts";
import {
  implementsInterface,
  isAssignable,
  isComparable,
  methodOf,
} from "../../src/template/type_rules.ts";

const digest = namedType("pkg.Digest", STRING, {
  methods: () => [{
    name: "Error",
    type: functionOf([], [STRING]),
    call: () => undefined,
  }],
});
const inner = structType("pkg.Inner", {
  fields: () => [{ name: "X", type: INT }, { name: "Y", type: INT }],
  methods: () => [{
    name: "Set",
    type: functionOf([], [INT]),
    pointer: true,
    call: () => undefined,
  }],
});
const other = structType("pkg.Other", {
  fields: () => [{ name: "Y", type: STRING }],
});
const outer = structType("pkg.Outer", {
  fields: () => [
    { name: "Inner", type: inner, embedded: true },
    { name: "Other", type: other, embedded: true },
  ],
});

Deno.test("types print as in Go and exist once", () => {
  deepStrictEqual(
    [
      sliceOf(digest),
      arrayOf(INT, 3),
      mapOf(STRING, sliceOf(ANY)),
      pointerTo(outer),
      functionOf([INT, sliceOf(STRING)], [STRING, ERROR], { variadic: true }),
    ].map(({ name }) => name),
    [
      "[]pkg.Digest",
      "[3]int",
      "map[string][]interface {}",
      "*pkg.Outer",
      "func(int, ...string) (string, error)",
    ],
  );
  strictEqual(mapOf(STRING, INT), mapOf(STRING, INT));
  strictEqual(basicType("bool"), BOOL);
});

Deno.test("selector() promotes fields, unless two hide each other", () => {
  deepStrictEqual(
    outer.selector("X", "field")?.path.map(({ name }) => name),
    ["Inner"],
  );
  strictEqual(outer.selector("Y", "field"), undefined);
});

Deno.test("methodOf() gives methods of the pointer only where there is one", () => {
  strictEqual(methodOf(outer, "Set", false), undefined);
  strictEqual(methodOf(outer, "Set", true)?.method?.name, "Set");
  strictEqual(methodOf(pointerTo(outer), "Set", false)?.method?.name, "Set");
});

Deno.test("isAssignable() follows names, shapes and interfaces", () => {
  const strings = namedType("pkg.Strings", sliceOf(STRING));
  deepStrictEqual([
    isAssignable(digest, STRING),
    isAssignable(strings, sliceOf(STRING)),
    isAssignable(sliceOf(STRING), strings),
    isAssignable(digest, ANY),
    isAssignable(digest, ERROR),
    isAssignable(STRING, ERROR),
  ], [false, true, true, true, true, false]);
  strictEqual(implementsInterface(pointerTo(digest), ERROR), true);
});

Deno.test("isComparable() refuses what holds slices, maps or functions", () => {
  strictEqual(isComparable(outer), true);
  strictEqual(
    isComparable(
      structType("s", { fields: () => [{ name: "L", type: sliceOf(INT) }] }),
    ),
    false,
  );
});
