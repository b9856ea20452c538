import { strictEqual } from "node:assert/strict";
import { GoError } from "../../src/template/errors.ts";
import { Printer } from "../../src/template/printer.ts";
import {
  functionOf,
  mapOf,
  pointerTo,
  sliceOf,
  structType,
} from "../../src/template/make_type.ts";
import { INT, STRING, type Value } from "../../src/template/type.ts";
import { stringValue, valueOf, wrap } from "../../src/template/value.ts";

function print(value: Value | undefined, verb = "v", flags = {}): string {
  const printer = new Printer();
  Object.assign(printer.flags, flags);
  printer.operand(value, verb);
  return printer.text;
}

const named = structType("pkg.Named", {
  fields: () => [{ name: "Name", type: STRING }],
  methods: () => [{
    name: "String",
    type: functionOf([], [STRING]),
    call: ({ data }) => {
      if (data === null) throw new GoError("no name");
      return stringValue("its name");
    },
  }],
});
const holder = structType("pkg.Holder", {
  fields: () => [
    { name: "N", type: INT },
    { name: "In", type: named },
    { name: "hidden", type: named, unexported: true },
    { name: "P", type: pointerTo(INT) },
  ],
});

Deno.test("Printer prints structs, maps and lists as Go does", () => {
  strictEqual(
    print(wrap(holder, { N: 1, In: { Name: "a" }, hidden: { Name: "h" } })),
    "{1 its name {h} <nil>}",
  );
  strictEqual(
    print(wrap(pointerTo(holder), {}), "v", { plusV: true }),
    "&{N:0 In:%!v(PANIC=String method: no name) hidden:{Name:} P:<nil>}",
  );
  strictEqual(print(wrap(mapOf(STRING, INT), { b: 1, a: 2 })), "map[a:2 b:1]");
  strictEqual(
    print(wrap(sliceOf(STRING), ["x"]), "v", { sharpV: true }),
    '[]string{"x"}',
  );
  strictEqual(
    print(wrap(sliceOf(STRING), null), "v", { sharpV: true }),
    "[]string(nil)",
  );
});

Deno.test("Printer says which verbs do not fit", () => {
  strictEqual(print(valueOf("a"), "d"), "%!d(string=a)");
  strictEqual(print(valueOf(true), "x"), "%!x(bool=true)");
  strictEqual(print(undefined, "d"), "%!d(<nil>)");
  strictEqual(print(wrap(named, {}), "d"), "{%!d(string=)}");
});

Deno.test("Printer prints <nil> for the method of a nil pointer", () => {
  strictEqual(print(wrap(pointerTo(named), null)), "<nil>");
  strictEqual(print(wrap(named, null)), "%!v(PANIC=String method: no name)");
});

Deno.test("Printer gives an object the same address each time", () => {
  const pointer = wrap(pointerTo(INT), { at: 1 });
  strictEqual(print(pointer, "p"), print(pointer, "p"));
  strictEqual(/^0xc[0-9a-f]{9}$/.test(print(pointer, "p")), true);
});
