import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { collect, fromBytes } from "../../../src/base/streams.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { artifact, describe, image, noise } from "../../support/images.ts";

const notFound = (error: Error) => isRegError(error, "not_found");

Deno.test("MemoryStore gives what it was given, and counts", async () => {
  const store = new MemoryStore();
  const graph = await image();
  for (const { descriptor, bytes } of graph.blobs) {
    await store.push(descriptor, () => Promise.resolve(fromBytes(bytes)));
  }
  for (const { descriptor, bytes } of graph.manifests) {
    await store.putManifest(descriptor, bytes, { tag: "v1" });
  }
  const { digest } = graph.root;
  strictEqual((await store.resolve("v1")).digest, digest);
  deepStrictEqual(
    (await store.manifest(digest)).bytes,
    graph.manifests[0]?.bytes,
  );
  const [first] = graph.blobs;
  const node = first?.descriptor ?? graph.root;
  const tail = await collect(await store.open(node, { offset: 3 }), 1e9);
  deepStrictEqual(tail, first?.bytes.subarray(3));
  strictEqual(await store.exists(node), true);
  deepStrictEqual(store.counts, {
    resolve: 1,
    manifest: 1,
    open: 1,
    exists: 1,
    push: 3,
    putManifest: 1,
    mounted: 0,
  });
  strictEqual(store.stored.at(-1), digest);
});

Deno.test("MemoryStore refuses wrong bytes and keeps nothing of them", async () => {
  const store = new MemoryStore();
  const { descriptor } = describe("a/b", noise(10, 1));
  const wrong = () => Promise.resolve(fromBytes(noise(10, 2)));
  await rejects(
    store.push(descriptor, wrong),
    (error) => isRegError(error, "mismatch"),
  );
  strictEqual(await store.exists(descriptor), false);
});

Deno.test("MemoryStore mounts from its siblings, from all where none is named", async () => {
  const siblings = new Map<string, MemoryStore>();
  const one = new MemoryStore({ repository: "one", siblings });
  const two = new MemoryStore({ repository: "two", siblings });
  const node = await one.add(noise(10, 1));
  strictEqual(await two.mount(node, ["three"]), false);
  strictEqual(await two.mount(node, ["one"]), true);
  const three = new MemoryStore({ repository: "three", siblings });
  strictEqual(await three.mount(node, []), true);
  strictEqual(three.counts.mounted, 1);
});

Deno.test("MemoryStore lists and deletes tags, manifests and referrers", async () => {
  const store = new MemoryStore();
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [],
  };
  const node = await store.addManifest(manifest, "b");
  await store.tag(node, "a");
  const sbom = artifact({ subject: node });
  await store.putManifest(
    sbom.root,
    sbom.manifests[0]?.bytes ?? new Uint8Array(),
  );
  const { descriptors } = await store.referrers(node);
  deepStrictEqual(descriptors.map(({ digest }) => digest), [sbom.root.digest]);
  const tags = async (last?: string) =>
    (await Array.fromAsync(store.tags({ last }))).map(({ names }) => names);
  deepStrictEqual(await tags(), [["a", "b"]]);
  deepStrictEqual(await tags("a"), [["b"]]);
  await store.untag("a");
  await rejects(store.untag("a"), notFound);
  await store.deleteManifest(node);
  await rejects(store.resolve("b"), notFound);
  await rejects(store.deleteManifest(node), notFound);
});
