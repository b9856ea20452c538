import { strictEqual, throws } from "node:assert/strict";
import { bindMethod, callStringMethod } from "../../src/template/call.ts";
import {
  functionOf,
  pointerTo,
  structType,
} from "../../src/template/make_type.ts";
import { INT, STRING } from "../../src/template/type.ts";
import { stringValue, wrap } from "../../src/template/value.ts";

const inner = structType("pkg.Inner", {
  methods: () => [
    {
      name: "String",
      type: functionOf([], [STRING]),
      call: () => stringValue("inner"),
    },
    {
      name: "Error",
      type: functionOf([INT], [STRING]),
      call: () => stringValue("takes an argument"),
    },
  ],
});
const outer = structType("pkg.Outer", {
  fields: () => [{ name: "Inner", type: pointerTo(inner), embedded: true }],
});

Deno.test("callStringMethod() calls promoted methods through pointers", () => {
  strictEqual(callStringMethod(wrap(outer, { Inner: {} }), "String"), "inner");
  strictEqual(callStringMethod(wrap(outer, { Inner: {} }), "Error"), undefined);
  strictEqual(
    callStringMethod(wrap(inner, {}, { hidden: "field" }), "String"),
    undefined,
  );
});

Deno.test("bindMethod() fails as Go panics, behind nil", () => {
  throws(
    () => callStringMethod(wrap(outer, {}), "String"),
    /nil pointer dereference/,
  );
  const nil = bindMethod(wrap(pointerTo(inner), null), "String");
  throws(
    () => nil?.callable?.call([]),
    /value method pkg\.Inner\.String called using nil \*Inner pointer/,
  );
});
