import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { deleteTag } from "../../src/registry/tag_delete.ts";
import { artifact } from "../support/images.ts";
import type { Features } from "../support/registry.ts";
import { putGraph, setUp } from "../support/registry_stores.ts";

async function tagged(features: Features = {}) {
  const setting = setUp({ features });
  const store = setting.open();
  await putGraph(store, artifact(), "v1");
  await store.tag(artifact().root, "v2");
  setting.registry.take();
  return {
    ...setting,
    store,
    [Symbol.asyncDispose]: () => setting[Symbol.asyncDispose](),
  };
}

Deno.test("deleteTag() deletes the tag in one request where the registry can", async () => {
  await using setting = await tagged();
  await deleteTag(setting.store, "v1");
  deepStrictEqual(setting.registry.take(), [
    "DELETE /v2/acme/app/manifests/v1",
  ]);
  strictEqual(
    (await setting.store.resolve("v2")).digest,
    artifact().root.digest,
  );
});

Deno.test("deleteTag() deletes a stand-in elsewhere, and leaves what the tag named", async () => {
  await using setting = await tagged({ tagDelete: false });
  await deleteTag(setting.store, "v1");
  await rejects(setting.store.resolve("v1"), { code: "not_found" });
  strictEqual(
    (await setting.store.resolve("v2")).digest,
    artifact().root.digest,
  );
});

Deno.test("deleteTag() touches nothing for a tag that is not there", async () => {
  await using setting = await tagged({ tagDelete: false });
  await rejects(deleteTag(setting.store, "none"), { code: "not_found" });
  strictEqual(
    setting.registry.take().some((line) => /^(PUT|POST)/.test(line)),
    false,
  );
});

Deno.test("deleteTag() says that the registry deletes nothing", async () => {
  await using setting = await tagged({ deletes: false });
  await rejects(
    deleteTag(setting.store, "v1"),
    /failed deleting dummy manifest/,
  );
});
