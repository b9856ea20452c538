import { strictEqual } from "node:assert/strict";
import { printable } from "../../src/template/printable.ts";
import {
  functionOf,
  pointerTo,
  structType,
} from "../../src/template/make_type.ts";
import { STRING, Value } from "../../src/template/type.ts";
import { stringValue, wrap } from "../../src/template/value.ts";

const named = structType("pkg.Named", {
  methods: () => [{
    name: "String",
    type: functionOf([], [STRING]),
    pointer: true,
    call: () => stringValue("named"),
  }],
});

Deno.test("printable() follows pointers and keeps the methods of the pointer", () => {
  strictEqual(
    printable(wrap(pointerTo(named), {}))?.operand?.type,
    pointerTo(named),
  );
  strictEqual(printable(wrap(named, {}))?.operand?.type, named);
});

Deno.test("printable() has text for no value, and none for functions", () => {
  strictEqual(printable(undefined)?.operand?.string, "<no value>");
  strictEqual(printable(new Value(functionOf([], []), null)), undefined);
});
