import { rejects, strictEqual } from "node:assert/strict";
import { deleteManifest } from "../../src/registry/manifest_delete.ts";
import { describeManifest } from "../../src/registry/manifest.ts";
import { MemoryStore } from "../../src/registry/store/memory.ts";

const bytes = new TextEncoder().encode(
  '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
);
const { descriptor } = describeManifest(bytes);

async function filled(): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.putManifest(descriptor, bytes, { tag: "a" });
  await store.putManifest(descriptor, bytes, { tag: "b" });
  return store;
}

Deno.test("deleteManifest() takes every tag of the manifest with it", async () => {
  const store = await filled();
  await deleteManifest(store, "a");
  await rejects(() => store.resolve("b"), { code: "not_found" });
});

Deno.test("deleteManifest() forgives what is not there, and nothing else", async () => {
  const store = await filled();
  await deleteManifest(store, "none", { ignoreMissing: true });
  await rejects(() => deleteManifest(store, "none"), { code: "not_found" });
  store.deleteManifest = () => Promise.reject(new TypeError("a defect"));
  await rejects(
    () => deleteManifest(store, "a", { ignoreMissing: true }),
    TypeError,
  );
  strictEqual((await store.resolve("a")).digest, descriptor.digest);
});

Deno.test("deleteManifest() takes it out of its subject's referrers where it is told to", async () => {
  const store = Object.assign(await filled(), {
    unlisted: 0,
    unlist() {
      this.unlisted++;
      return Promise.resolve();
    },
  });
  await deleteManifest(store, "a", { referrers: true });
  strictEqual(store.unlisted, 1);
});
