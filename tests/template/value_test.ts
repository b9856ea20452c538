import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  basicType,
  mapOf,
  pointerTo,
  sliceOf,
  structType,
} from "../../src/template/make_type.ts";
import { ANY, INT, STRING, UINT8, Value } from "../../src/template/type.ts";
import {
  addressOf,
  bytesOf,
  elem,
  elementOf,
  equal,
  fieldOf,
  fitInteger,
  indirect,
  lengthOf,
  mapEntry,
  sortedEntries,
  stringValue,
  truth,
  valueFromJson,
  valueOf,
  wrap,
  zero,
} from "../../src/template/value.ts";

const point = structType("pkg.Point", {
  fields: () => [{ name: "X", type: INT }, {
    name: "name",
    type: STRING,
    unexported: true,
  }],
});

Deno.test("valueOf() gives plain data the types of Go's JSON", () => {
  const types = [true, 1, 1.5, 2 ** 60, "a", [1], { a: 1 }, new Uint8Array(1)]
    .map((host) => valueOf(host)?.type.name);
  deepStrictEqual(types, [
    "bool",
    "int64",
    "float64",
    "float64",
    "string",
    "[]interface {}",
    "map[string]interface {}",
    "[]uint8",
  ]);
  strictEqual(valueOf(null), undefined);
});

Deno.test("valueFromJson() tells integers by how they are written", () => {
  const list = valueFromJson("[1, 1.0, 9007199254740993, 1e3]") ?? zero(ANY);
  deepStrictEqual(
    Array.from({ length: 4 }, (_, i) => elem(elementOf(list, i))?.data),
    [1n, 1, 9007199254740993n, 1000],
  );
  strictEqual(
    mapEntry(
      valueFromJson('{"__proto__": 1}') ?? list,
      stringValue("toString"),
    ),
    undefined,
  );
});

Deno.test("wrap() takes null for the zero value of any type", () => {
  strictEqual(wrap(STRING, null).string, "");
  strictEqual(wrap(sliceOf(INT), null).isNil, true);
  strictEqual(lengthOf(wrap(sliceOf(INT), [])), 0);
  strictEqual(fieldOf(zero(point), { name: "X", type: INT }).int, 0n);
});

Deno.test("sortedEntries() sorts by bytes, numbers by size", () => {
  const keys = (map: Value) => sortedEntries(map).map(({ key }) => key.data);
  const texts = new Map([["é", 1], ["z", 2], ["Z", 3]]);
  deepStrictEqual(keys(wrap(mapOf(STRING, INT), texts)), [
    "Z",
    "z",
    "\xc3\xa9",
  ]);
  const numbers = new Map([[10n, "a"], [9n, "b"], [-1n, "c"]]);
  deepStrictEqual(keys(wrap(mapOf(INT, STRING), numbers)), [-1n, 9n, 10n]);
});

Deno.test("indirect() follows pointers up to nil", () => {
  const pointer = pointerTo(point);
  strictEqual(indirect(wrap(pointer, { X: 3 })).value?.type, point);
  strictEqual(indirect(wrap(pointer, null)).isNil, true);
  strictEqual(elem(addressOf(stringValue("a")))?.string, "a");
});

Deno.test("fieldOf() hides what comes out of unexported fields", () => {
  const [, hidden] = point.fields;
  if (hidden === undefined) throw new Error("No such field");
  strictEqual(
    fieldOf(wrap(point, { name: "n" }), hidden).traits.hidden,
    "field",
  );
});

Deno.test("equal() compares structs by fields and refuses slices", () => {
  strictEqual(equal(wrap(point, { X: 1 }), wrap(point, { X: 1 })), true);
  strictEqual(equal(wrap(point, { X: 1 }), wrap(point, { X: 2 })), false);
  throws(
    () => equal(wrap(sliceOf(INT), []), wrap(sliceOf(INT), [])),
    /comparing uncomparable type \[\]int/,
  );
});

Deno.test("truth() is false for empty values and never for structs", () => {
  const values = [
    valueOf(0),
    valueOf(""),
    valueOf([]),
    valueOf({}),
    undefined,
    zero(point),
    valueOf("x"),
  ];
  deepStrictEqual(values.map(truth), [
    false,
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
});

Deno.test("fitInteger() wraps around as Go's conversions do", () => {
  const int8 = basicType("int8") ?? INT;
  deepStrictEqual([fitInteger(int8, 200n), fitInteger(UINT8, -1n)], [
    -56n,
    255n,
  ]);
});

Deno.test("bytesOf() reads bytes from any list of them", () => {
  strictEqual(
    bytesOf(wrap(sliceOf(UINT8), new Uint8Array([65, 255]))),
    "A\xff",
  );
  strictEqual(bytesOf(wrap(sliceOf(UINT8), [65, 66])), "AB");
});
