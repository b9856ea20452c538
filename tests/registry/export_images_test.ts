import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../src/base/errors.ts";
import { digestOf } from "../../src/registry/digest.ts";
import {
  exportImages,
  type ExportOptions,
} from "../../src/registry/export_images.ts";
import { parsePlatform } from "../../src/registry/platform.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { fallbackTag } from "../../src/registry/referrers_index.ts";
import { openLayout } from "../../src/registry/store/layout.ts";
import { MemoryStore } from "../../src/registry/store/memory.ts";
import { readTar } from "../../src/registry/tar/reader.ts";
import {
  artifact,
  describe,
  describeJson,
  type Graph,
  index,
  noise,
  writeLayout,
} from "../support/images.ts";
import { fill } from "../support/stores.ts";
import { tempDir } from "../support/temp.ts";

const OCI = "application/vnd.oci.image";

/** An image that no compressor had a hand in: its digests are always the same. */
function plainImage(seed: number, architecture = "amd64"): Graph {
  const platform = { os: "linux", architecture };
  const layer = describe(`${OCI}.layer.v1.tar`, noise(1000, seed));
  const config = describeJson(`${OCI}.config.v1+json`, {
    ...platform,
    rootfs: { type: "layers", diff_ids: [layer.descriptor.digest] },
  });
  const manifest = describeJson(`${OCI}.manifest.v1+json`, {
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: config.descriptor,
    layers: [layer.descriptor],
  });
  const root = { ...manifest.descriptor, platform };
  return { root, manifests: [manifest], blobs: [config, layer] };
}

const ONE = plainImage(1);
const TWO = index([plainImage(1), plainImage(2, "arm64")]);

async function exported(
  graph: Graph,
  options: ExportOptions & { readonly name?: string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  await using dir = await tempDir();
  await writeLayout(dir.path, graph, "v1");
  const from = await openLayout(dir.path);
  const { name } = options;
  const stream = await exportImages([{
    from,
    reference: parseReference("ocidir://one:v1"),
    name: name === undefined ? undefined : parseReference(name),
  }], options);
  return await new Response(stream).bytes();
}

async function files(bytes: Uint8Array<ArrayBuffer>) {
  const found: Record<string, string> = {};
  const stream = new Blob([bytes]).stream();
  for await (const { header, body } of readTar(stream)) {
    const content = await new Response(ReadableStream.from(body())).text();
    found[header.name] = content;
  }
  return found;
}

// The SHA-256 of what `regctl image export` of v0.11.7 writes for the layouts:
// `regctl image export --name NAME [--platform P] ocidir://one:v1 FILE`, where
// NAME is `localhost/one:v1` unless another one is given.
const UPSTREAM: readonly (readonly [
  Graph,
  Parameters<typeof exported>[1],
  string,
])[] = [
  [ONE, {}, "b0f4a1750cfabe1c840064ae297b877847dd8fd76fa87aa250baf097464df56a"],
  [TWO, {}, "d9793e49a57c355bea24fa149993a8b897c30f0a66488dd7e592ab7b3f693c81"],
  [
    ONE,
    { name: "example.com/app:v2" },
    "e6398c67a6ae465537dae6adfc4bc24c80d41a289037c86007e63118a9d97e95",
  ],
  [
    TWO,
    { platform: parsePlatform("linux/arm64") },
    "a3746e300cefd43d45ded7ed8a90525cde2d31aa7711b2b4a87cda06c7d54e3d",
  ],
];

Deno.test("exportImages() writes upstream's bytes", async () => {
  for (const [graph, options, hash] of UPSTREAM) {
    strictEqual(digestOf(await exported(graph, options)), `sha256:${hash}`);
  }
});

Deno.test("exportImages() writes several images with what they share once", async () => {
  const from = new MemoryStore();
  await fill(from, ONE, "one");
  await fill(from, TWO, "two");
  const image = (name: string) => ({
    from,
    reference: parseReference(`example.com/repo:${name}`),
  });
  const renamed = { ...image("one"), name: parseReference("other:x") };
  const stream = await exportImages([image("one"), image("two"), renamed]);
  const bytes = await new Response(stream).bytes();
  const found = await files(bytes);
  const names = Object.keys(found);
  strictEqual(names.length, new Set(names).size);
  strictEqual(names.filter((name) => /[0-9a-f]{64}$/.test(name)).length, 7);
  const rows = JSON.parse(found["index.json"] ?? "").manifests;
  deepStrictEqual(
    rows.map((row: { annotations: Record<string, string> }) =>
      Object.values(row.annotations)
    ),
    [
      ["example.com/repo:one", "one"],
      ["example.com/repo:two", "two"],
      ["docker.io/library/other:x", "x"],
    ],
  );
  deepStrictEqual(
    JSON.parse(found["manifest.json"] ?? "").map((
      entry: { RepoTags: string[] },
    ) => entry.RepoTags),
    [["example.com/repo:one", "docker.io/library/other:x"]],
  );
});

Deno.test("exportImages() takes referrers along when asked to, and theirs", async () => {
  const from = new MemoryStore();
  const sbom = artifact({ subject: TWO.manifests[0]?.descriptor ?? TWO.root });
  const signature = artifact({ subject: sbom.root, files: { s: "signed" } });
  await fill(from, TWO, "v1");
  await fill(from, sbom);
  await fill(from, signature);
  const image = { from, reference: parseReference("example.com/repo:v1") };
  const list = async (referrers: boolean) =>
    await files(
      await new Response(await exportImages([image], { referrers })).bytes(),
    );
  const without = await list(false);
  const withThem = await list(true);
  const path = `blobs/${signature.root.digest.replace(":", "/")}`;
  strictEqual(Object.hasOwn(without, path), false);
  strictEqual(Object.hasOwn(withThem, path), true);
  const tags = JSON.parse(withThem["index.json"] ?? "").manifests
    .map((row: { annotations: Record<string, string> }) =>
      row.annotations["org.opencontainers.image.ref.name"]
    );
  deepStrictEqual(tags, [
    "v1",
    fallbackTag(TWO.manifests[0]?.descriptor.digest ?? ""),
    fallbackTag(sbom.root.digest),
  ]);
});

Deno.test("exportImages() fails before the first byte where something is missing", async () => {
  const from = new MemoryStore();
  const { manifests: [child, , top] } = TWO;
  for (const made of [child, top]) {
    if (made) {
      await from.putManifest(made.descriptor, made.bytes, { tag: "v1" });
    }
  }
  await rejects(
    exportImages([{ from, reference: parseReference("example.com/repo:v1") }]),
    (error) => isRegError(error, "not_found"),
  );
});

Deno.test("exportImages() errors the stream where a blob is not what it should be", async () => {
  await using dir = await tempDir();
  await writeLayout(dir.path, ONE, "v1");
  const node = ONE.blobs[1]?.descriptor ?? ONE.root;
  await Deno.writeFile(
    `${dir.path}/blobs/${node.digest.replace(":", "/")}`,
    new Uint8Array(node.size),
  );
  const from = await openLayout(dir.path);
  const reference = parseReference("ocidir://one:v1");
  const stream = await exportImages([{ from, reference }]);
  await rejects(
    new Response(stream).bytes(),
    (error) => isRegError(error, "mismatch"),
  );
});
