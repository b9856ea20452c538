import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { toText } from "../../src/template/byte_string.ts";
import {
  compact,
  indentJson,
  jsonString,
  toJson,
} from "../../src/template/json.ts";
import {
  mapOf,
  pointerTo,
  sliceOf,
  structType,
} from "../../src/template/make_type.ts";
import { ANY, FLOAT64, INT, STRING, UINT8 } from "../../src/template/type.ts";
import { valueOf, wrap } from "../../src/template/value.ts";

Deno.test("toJson() writes what JSON.parse reads back", () => {
  fc.assert(fc.property(fc.jsonValue({ stringUnit: "grapheme" }), (data) => {
    const text = toJson(valueOf(data));
    // JSON has no negative zero.
    const plain = JSON.parse(JSON.stringify(data));
    deepStrictEqual(JSON.parse(toText(text)), plain);
    strictEqual(compact(indentJson(text)), text);
  }));
});

const base = structType("pkg.Base", {
  fields: () => [
    { name: "ID", type: INT, json: "id" },
    { name: "Hidden", type: INT, json: "-" },
    { name: "lower", type: INT, unexported: true },
  ],
});
const record = structType("pkg.Record", {
  fields: () => [
    { name: "Base", type: base, embedded: true },
    { name: "Name", type: STRING, json: "name,omitempty" },
    { name: "Data", type: sliceOf(UINT8), json: "data,omitempty" },
    { name: "List", type: sliceOf(INT), json: "list" },
    { name: "Map", type: mapOf(INT, STRING), json: "map" },
    { name: "Next", type: pointerTo(record), json: "next,omitempty" },
    { name: "Count", type: INT, json: ",string" },
    { name: "Size", type: FLOAT64, json: "size" },
  ],
});

Deno.test("toJson() follows json tags", () => {
  const host = {
    Base: { ID: 7, Hidden: 1 },
    Data: new Uint8Array([255]),
    Map: new Map([[10n, "a"], [9n, "b"]]),
    Size: 1e21,
  };
  strictEqual(
    toJson(wrap(record, host)),
    '{"id":7,"data":"/w==","list":null,"map":{"10":"a","9":"b"},"Count":"0","size":1e+21}',
  );
});

Deno.test("toJson() refuses what JSON cannot express", () => {
  throws(() => toJson(wrap(FLOAT64, NaN)), /unsupported value/);
  throws(
    () => toJson(wrap(mapOf(FLOAT64, ANY), new Map())),
    /unsupported type/,
  );
});

Deno.test("jsonString() escapes what Go escapes and no HTML", () => {
  strictEqual(
    jsonString('a"\\\n\x01<\x7f\xff\xe2\x80\xa8'),
    '"a\\"\\\\\\n\\u0001<\x7f\\ufffd\\u2028"',
  );
});

Deno.test("indentJson() keeps empty lists and objects together", () => {
  strictEqual(
    indentJson('{"a":[],"b":{},"c":[1,"x,{}"]}'),
    '{\n  "a": [],\n  "b": {},\n  "c": [\n    1,\n    "x,{}"\n  ]\n}',
  );
});
