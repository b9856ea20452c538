import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { pointerTo, STRING, structType, wrap } from "../../src/template/mod.ts";
import {
  field,
  getter,
  jsonField,
  prettyMethod,
  readKey,
  textField,
} from "../../src/view/declare.ts";

const inner = structType("pkg.Inner", {
  fields: () => [jsonField("Name", STRING, { json: "name,omitempty" })],
});
const outer = structType("pkg.Outer", {
  fields: () => [{ name: "Inner", type: pointerTo(inner), embedded: true }],
  methods: () => [
    getter("Shout", STRING, {
      fails: true,
      read: (self) => textField(self, "Name").toUpperCase(),
    }),
    prettyMethod(() => "é"),
  ],
});

Deno.test("field() and textField() read promoted fields by the keys of JSON", () => {
  const view = wrap(outer, { Inner: { name: "n" } });
  strictEqual(textField(view, "Name"), "n");
  throws(
    () => field(wrap(pointerTo(outer), null), "Name"),
    /nil pointer dereference/,
  );
  strictEqual(outer.methods.get("Shout")?.call(view, [])?.string, "N");
  deepStrictEqual(
    outer.methods.get("Shout")?.type.results.map(({ name }) => name),
    ["string", "error"],
  );
});

Deno.test("prettyMethod() gives UTF-8", () => {
  const bytes = outer.methods.get("MarshalPretty")?.call(wrap(outer, {}), []);
  strictEqual(bytes?.elements?.length, 2);
});

Deno.test("readKey() reads own keys alone", () => {
  deepStrictEqual([
    readKey({ a: 1 }, "a"),
    readKey({}, "toString"),
    readKey(null, "a"),
  ], [1, undefined, undefined]);
});
