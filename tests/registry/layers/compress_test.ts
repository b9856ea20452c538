import { deepStrictEqual, rejects } from "node:assert/strict";
import zlib from "node:zlib";
import { fromBytes } from "../../../src/base/streams.ts";
import { compress } from "../../../src/registry/layers/compress.ts";
import { noise } from "../../support/images.ts";

const pack = async (bytes: Uint8Array, packing: "gzip" | "zstd" | "none") =>
  await new Response(ReadableStream.from(compress(fromBytes(bytes), packing)))
    .bytes();

Deno.test("compress() packs what others unpack, with no time in it", async () => {
  const bytes = noise(300_000, 1);
  const gzip = await pack(bytes, "gzip");
  deepStrictEqual(new Uint8Array(zlib.gunzipSync(gzip)), bytes);
  deepStrictEqual([...gzip.subarray(4, 8)], [0, 0, 0, 0]);
  const zstd = await pack(bytes, "zstd");
  deepStrictEqual(new Uint8Array(zlib.zstdDecompressSync(zstd)), bytes);
  deepStrictEqual(await pack(bytes, "none"), bytes);
});

Deno.test("compress() passes on what the source throws", async () => {
  const broken = (async function* () {
    yield noise(10, 1);
    await Promise.resolve();
    throw new Error("cable");
  })();
  await rejects(Array.fromAsync(compress(broken, "gzip")), /cable/);
});
