import { deepStrictEqual, strictEqual } from "node:assert/strict";
import zlib from "node:zlib";
import { digestOf } from "../../../../src/registry/digest.ts";
import { TarArchive } from "../../../../src/registry/store/tar/archive.ts";
import {
  dockerEntries,
  dockerImage,
} from "../../../../src/registry/store/tar/docker_save.ts";
import { writeTar } from "../../../../src/registry/tar/writer.ts";
import { noise } from "../../../support/images.ts";

async function open(files: Readonly<Record<string, Uint8Array>>) {
  const tar = writeTar(
    Object.entries(files).map(([name, bytes]) => ({
      header: { name, size: bytes.length },
      body: [bytes],
    })),
  );
  return await TarArchive.open(ReadableStream.from(tar));
}
const json = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value));

Deno.test("dockerEntries() gives nothing where there is no manifest.json", async () => {
  await using archive = await open({ a: noise(1, 1) });
  strictEqual(await dockerEntries(archive), undefined);
});

Deno.test("dockerImage() keeps packed layers and their types, and packs the others", async () => {
  const zstd = new Uint8Array(zlib.zstdCompressSync(noise(100, 1)));
  const gzip = new Uint8Array(zlib.gzipSync(noise(100, 2)));
  const bytes = noise(3000, 3);
  const type = "application/vnd.oci.image.layer.v1.tar+gzip";
  await using archive = await open({
    "manifest.json": json([{
      Config: "c",
      RepoTags: null,
      Layers: ["z", "g", "t"],
      LayerSources: { [digestOf(gzip)]: { mediaType: type } },
    }]),
    c: json({}),
    z: zstd,
    g: gzip,
    t: bytes,
  });
  const [entry] = await dockerEntries(archive) ?? [];
  if (!entry) throw new Error("no entry");
  const image = await dockerImage(archive, entry);
  deepStrictEqual(image.names, []);
  const place = image.blobs.get(image.root.digest);
  const text = place && "bytes" in place
    ? new TextDecoder().decode(place.bytes)
    : "";
  const { layers, config } = JSON.parse(text);
  strictEqual(config.digest, digestOf(json({})));
  deepStrictEqual(layers.slice(0, 2), [
    {
      mediaType: "application/vnd.docker.image.rootfs.diff.tar.zstd",
      digest: digestOf(zstd),
      size: zstd.length,
    },
    { mediaType: type, digest: digestOf(gzip), size: gzip.length },
  ]);
  const packed = image.blobs.get(layers[2].digest);
  const made = packed && "file" in packed
    ? await Deno.readFile(packed.file)
    : new Uint8Array();
  strictEqual(digestOf(made), layers[2].digest);
  deepStrictEqual(new Uint8Array(zlib.gunzipSync(made)), bytes);
});
