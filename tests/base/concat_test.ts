import { deepStrictEqual } from "node:assert/strict";
import { concat } from "../../src/base/concat.ts";

Deno.test("concat() puts pieces together in their order, none of them too", () => {
  const pieces = [[1, 2], [], [3]].map((piece) => new Uint8Array(piece));
  deepStrictEqual(concat(pieces), new Uint8Array([1, 2, 3]));
  deepStrictEqual(concat([]), new Uint8Array());
});
