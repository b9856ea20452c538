import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import type { Descriptor } from "../../src/registry/core.ts";
import {
  addEntries,
  collectEntries,
  makeIndex,
  readIndex,
  removeEntries,
} from "../../src/registry/index_edit.ts";
import { parseManifest } from "../../src/registry/manifest.ts";
import { MEDIA_TYPES } from "../../src/registry/media_types.ts";
import { MemoryStore } from "../../src/registry/store/memory.ts";
import {
  artifact,
  type Graph,
  image,
  multiPlatform,
} from "../support/images.ts";

async function store(graph: Graph, tag: string, host = "here") {
  const store = new MemoryStore({ host });
  for (const { descriptor, bytes } of graph.blobs) {
    await store.push(
      descriptor,
      () => Promise.resolve(new Blob([bytes]).stream()),
    );
  }
  for (const { descriptor, bytes } of graph.manifests) {
    const isRoot = descriptor.digest === graph.root.digest;
    await store.putManifest(descriptor, bytes, isRoot ? { tag } : {});
  }
  return store;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const entry = (letter: string): Descriptor => ({
  mediaType: MEDIA_TYPES.ociManifest,
  digest: `sha256:${letter.repeat(64)}`,
  size: 1,
});

Deno.test("collectEntries() copies an image and reads its platform from its config", async () => {
  const graph = await image({
    platform: { os: "linux", architecture: "arm", variant: "v7" },
  });
  const from = await store(graph, "v1");
  const to = new MemoryStore({ host: "there" });
  const entries = await collectEntries(to, {
    sources: [{ from, tagOrDigest: "v1" }],
    annotations: { a: "b" },
  });
  deepStrictEqual(entries, [{
    mediaType: graph.root.mediaType,
    digest: graph.root.digest,
    size: graph.root.size,
    platform: { architecture: "arm", os: "linux", variant: "v7" },
    annotations: { a: "b" },
  }]);
  strictEqual(await to.exists(graph.root), true);
});

Deno.test("collectEntries() takes of an index the platforms that are asked for", async () => {
  const from = await store(await multiPlatform(3), "v1");
  const to = new MemoryStore({ host: "there" });
  const entries = await collectEntries(to, {
    sources: [{ from, tagOrDigest: "v1" }],
    platforms: [
      { os: "linux", architecture: "arm64" },
      { os: "plan9", architecture: "amd64" },
    ],
  });
  deepStrictEqual(entries.map(({ platform }) => platform?.architecture), [
    "arm64",
  ]);
});

Deno.test("collectEntries() gives artifacts no platform, and all the one that is told", async () => {
  const graph = artifact();
  const here = await store(graph, "v1");
  const [plain] = await collectEntries(here, { digests: [graph.root.digest] });
  strictEqual(plain?.platform, undefined);
  const platform = { os: "linux", architecture: "s390x" };
  const [told] = await collectEntries(here, {
    digests: [graph.root.digest],
    platform,
  });
  deepStrictEqual(told?.platform, platform);
});

Deno.test("makeIndex() writes upstream's bytes, each entry once", () => {
  const { bytes } = makeIndex([entry("a"), entry("b"), entry("a")], {
    artifactType: "x/y",
    annotations: { b: "<", a: "" },
  });
  strictEqual(
    text(bytes),
    '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","artifactType":"x/y","manifests":[' +
      `{"mediaType":"${MEDIA_TYPES.ociManifest}","digest":"${
        entry("a").digest
      }","size":1},` +
      `{"mediaType":"${MEDIA_TYPES.ociManifest}","digest":"${
        entry("b").digest
      }","size":1}` +
      '],"annotations":{"a":"","b":"\\u003c"}}',
  );
  throws(() => makeIndex([], { mediaType: MEDIA_TYPES.ociManifest }), {
    code: "unsupported",
  });
});

Deno.test("addEntries() and removeEntries() keep keys that we do not know", () => {
  const bytes = new TextEncoder().encode(JSON.stringify({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociIndex,
    manifests: [{ ...entry("a"), future: 1 }, entry("b")],
    other: { z: 1 },
  }));
  const index = parseManifest(bytes);
  if (index.kind !== "index") throw new Error("no index");
  const added = JSON.parse(
    text(addEntries(index, [entry("b"), entry("c")]).bytes),
  );
  deepStrictEqual(added.manifests, [
    { ...entry("a"), future: 1 },
    entry("b"),
    entry("c"),
  ]);
  deepStrictEqual(added.other, { z: 1 });
  const removed = removeEntries(
    index,
    ({ digest }) => digest === entry("b").digest,
  );
  deepStrictEqual(JSON.parse(text(removed.bytes)).manifests, [{
    ...entry("a"),
    future: 1,
  }]);
});

Deno.test("readIndex() refuses an image", async () => {
  const here = await store(await image(), "v1");
  await rejects(() => readIndex(here, "v1"), {
    code: "unsupported",
    message: /current manifest is not an index\/manifest list/,
  });
});
