import { deepStrictEqual, rejects, throws } from "node:assert/strict";
import { collect, fromBytes } from "../../src/base/streams.ts";
import type { Descriptor } from "../../src/registry/core.ts";
import { digestOf } from "../../src/registry/digest.ts";
import {
  DigestError,
  sized,
  verified,
  verifyBytes,
} from "../../src/registry/verify.ts";

const data = new TextEncoder().encode("hello");
const other = new TextEncoder().encode("hullo");
const node: Descriptor = { mediaType: "x/y", digest: digestOf(data), size: 5 };

Deno.test("verified() passes the right bytes, in any chunks", async () => {
  const chunks = fromBytes(data.subarray(0, 2), data.subarray(2));
  deepStrictEqual(await collect(verified(chunks, node), 5), data);
});

Deno.test("verified() errors the stream at the end of other bytes", async () => {
  await rejects(collect(verified(fromBytes(other), node), 5), DigestError);
});

Deno.test("sized() refuses too little and too much", async () => {
  const read = (size: number) => collect(sized(fromBytes(data), size), 9);
  await rejects(read(6), /short read \[expected 6, received 5\]/);
  await rejects(read(4), /size limit exceeded/);
  deepStrictEqual(await read(-1), data);
});

Deno.test("verifyBytes() checks size before digest", () => {
  verifyBytes(data, node);
  throws(() => verifyBytes(data, { ...node, size: 4 }), /size mismatch/);
  throws(() => verifyBytes(other, node), DigestError);
});
