import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ByteBuilder } from "../../../src/lua/engine/bytes.ts";

Deno.test("ByteBuilder grows up to its limit", () => {
  const full = new Error("full");
  const builder = new ByteBuilder(1000, () => {
    throw full;
  });
  builder.ascii("ab");
  builder.append(new Uint8Array(900).fill(1));
  builder.byte(7);
  strictEqual(builder.length, 903);
  deepStrictEqual([...builder.bytes.subarray(0, 3)], [97, 98, 1]);
  strictEqual(builder.bytes.at(-1), 7);
  throws(() => builder.append(new Uint8Array(98)), full);
  builder.clear();
  strictEqual(builder.bytes.length, 0);
});
