import { deepStrictEqual, rejects } from "node:assert/strict";
import zlib from "node:zlib";
import { isRegError } from "../../../src/base/errors.ts";
import { fromBytes } from "../../../src/base/streams.ts";
import { digestOf } from "../../../src/registry/digest.ts";
import { readLayer } from "../../../src/registry/layers/read_layer.ts";
import { verified } from "../../../src/registry/verify.ts";
import { writeTar } from "../../../src/registry/tar/writer.ts";

Deno.test("readLayer() unpacks, walks, and reads to the end so that a verifier can speak", async () => {
  const tar = await new Response(ReadableStream.from(writeTar([
    { header: { name: "a" } },
    { header: { name: "b" } },
  ]))).bytes();
  for (const bytes of [tar, new Uint8Array(zlib.gzipSync(tar))]) {
    const names = [];
    const layer = fromBytes(bytes);
    for await (const { header } of readLayer(layer)) names.push(header.name);
    deepStrictEqual(names, ["a", "b"]);
    const node = {
      mediaType: "",
      digest: digestOf(new Uint8Array()),
      size: bytes.length,
    };
    await rejects(
      Array.fromAsync(readLayer(verified(fromBytes(bytes), node))),
      (error) => isRegError(error, "mismatch"),
    );
  }
});
