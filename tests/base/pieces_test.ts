import { deepStrictEqual } from "node:assert/strict";
import { piecesOf } from "../../src/base/pieces.ts";
import { fromBytes } from "../../src/base/streams.ts";

Deno.test("piecesOf() cuts and joins chunks to one size, the last one smaller", async () => {
  const chunks = [[1], [2, 3, 4, 5, 6, 7], [], [8, 9]];
  const stream = fromBytes(...chunks.map((chunk) => Uint8Array.from(chunk)));
  const pieces = await Array.fromAsync(piecesOf(stream, 4));
  deepStrictEqual(pieces.map((piece) => [...piece]), [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9],
  ]);
  deepStrictEqual(await Array.fromAsync(piecesOf(fromBytes(), 4)), []);
});
