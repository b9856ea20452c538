import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  encodeAnswer,
  HostHandle,
  HostStruct,
  Reader,
  TAG,
  textOf,
  Writer,
} from "../../src/lua/codec.ts";

Deno.test("Writer and Reader agree on plain values", () => {
  const writer = new Writer();
  for (
    const value of [
      undefined,
      true,
      false,
      1.5,
      "ä",
      [1, "x"],
      new Map([["k", 2]]),
    ]
  ) {
    writer.value(value);
  }
  const reader = new Reader(writer.bytes);
  strictEqual(reader.value(), undefined);
  strictEqual(reader.value(), true);
  strictEqual(reader.value(), false);
  strictEqual(reader.value(), 1.5);
  const text = reader.value();
  strictEqual(text instanceof Uint8Array && textOf(text), "ä");
  reader.value();
  reader.value();
  strictEqual(reader.done, true);
});

Deno.test("Reader refuses bytes that no Writer wrote", () => {
  throws(
    () => new Reader(new Uint8Array([TAG.string, 255, 255, 255, 255])).value(),
    /Cannot read/,
  );
  throws(() => new Reader(new Uint8Array([99])).value(), /Cannot read/);
  throws(() => new Reader(new Uint8Array()).byte(), /Cannot read/);
  const nested = new Writer();
  for (let i = 0; i < 100; i++) {
    nested.byte(TAG.table);
    nested.count(1);
  }
  throws(() => new Reader(nested.bytes).value(), /Cannot read/);
});

Deno.test("Writer keeps to its limit", () => {
  throws(
    () => new Writer(10).string(new Uint8Array(20)),
    /Cannot pass a value/,
  );
});

Deno.test("encodeAnswer() marks values, errors and arguments", () => {
  deepStrictEqual([...encodeAnswer({ type: "values", values: [] })], [
    0,
    0,
    0,
    0,
    0,
  ]);
  const error = new Reader(encodeAnswer({ type: "error", message: "m" }));
  deepStrictEqual([error.byte(), error.text()], [1, "m"]);
  const argument = new Reader(
    encodeAnswer({ type: "argument", n: 2, message: "m" }),
  );
  deepStrictEqual([argument.byte(), argument.count(), argument.text()], [
    2,
    2,
    "m",
  ]);
});

Deno.test("Writer writes the fields of an object under all their names", () => {
  const writer = new Writer();
  writer.value(new HostHandle(1, 2, new HostStruct([[["A", "a"], 1]])));
  const reader = new Reader(writer.bytes);
  deepStrictEqual(
    [
      reader.byte(),
      reader.byte(),
      reader.count(),
      reader.byte(),
      reader.count(),
      reader.byte(),
      reader.text(),
      reader.text(),
      reader.value(),
    ],
    [TAG.handle, 1, 2, TAG.struct, 1, 2, "A", "a", 1],
  );
});
