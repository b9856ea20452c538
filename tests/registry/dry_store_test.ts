import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { copyGraph } from "../../src/registry/copy.ts";
import { type DryChange, DryStore } from "../../src/registry/dry_store.ts";
import { deleteManifest } from "../../src/registry/manifest_delete.ts";
import { MemoryStore } from "../../src/registry/store/memory.ts";
import { image } from "../support/images.ts";

async function filled(): Promise<MemoryStore> {
  const store = new MemoryStore();
  const { blobs, manifests } = await image();
  for (const { descriptor, bytes } of blobs) {
    await store.push(
      descriptor,
      () => Promise.resolve(new Blob([bytes]).stream()),
    );
  }
  for (const { descriptor, bytes } of manifests) {
    await store.putManifest(descriptor, bytes, { tag: "v1" });
  }
  return store;
}

Deno.test("DryStore lets a copy believe in what it wrote, and writes nothing", async () => {
  const from = await filled();
  const to = new MemoryStore({ host: "other" });
  const changes: DryChange[] = [];
  const dry = new DryStore(to, (change) => void changes.push(change));
  const { root } = await copyGraph("v1", { from, to: dry, tag: "x" });
  strictEqual((await dry.resolve("x")).digest, root.digest);
  strictEqual(
    (await copyGraph("v1", { from, to: dry, tag: "x" })).skipped,
    true,
  );
  deepStrictEqual(changes.at(-1), {
    type: "put manifest",
    store: to.name,
    node: root,
    tag: "x",
  });
  strictEqual(changes.length, 4);
  await rejects(() => to.resolve("x"), { code: "not_found" });
});

Deno.test("DryStore fails where deleting would fail", async () => {
  const store = await filled();
  const changes: string[] = [];
  const dry = new DryStore(store, ({ type }) => void changes.push(type));
  await rejects(() => dry.untag("none"), { code: "not_found" });
  await dry.untag("v1");
  await rejects(() => deleteManifest(dry, `sha256:${"0".repeat(64)}`), {
    code: "not_found",
  });
  await deleteManifest(dry, `sha256:${"0".repeat(64)}`, {
    ignoreMissing: true,
  });
  deepStrictEqual(changes, ["delete tag"]);
  strictEqual((await store.resolve("v1")).size > 0, true);
});

Deno.test("DryStore describes blobs as they are", async () => {
  const store = await filled();
  const [blob] = (await image()).blobs;
  const { size, digest } = blob?.descriptor ?? { size: -1, digest: "a:b" };
  const dry = new DryStore(store, () => {});
  strictEqual((await dry.stat(digest)).size, size);
  await dry.deleteBlob({ mediaType: "", digest, size });
  strictEqual((await store.stat(digest)).size, size);
  await rejects(() => dry.stat(`sha256:${"0".repeat(64)}`), {
    code: "not_found",
  });
});
