import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { Source } from "../../../src/registry/core.ts";
import { fromBytes } from "../../../src/base/streams.ts";
import { isRegError } from "../../../src/base/errors.ts";
import { sendBlob } from "../../../src/registry/mod/rewrite_layer.ts";
import { stripFile } from "../../../src/registry/mod/layer_changes.ts";
import { modImage } from "../../../src/registry/mod/mod_image.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { noise } from "../../support/images.ts";
import { modIn, modStore } from "../../support/mod_images.ts";
import { tempDir } from "../../support/temp.ts";

Deno.test("a layer that several images share is rewritten once", async () => {
  const store = await modStore();
  store.counts.push = 0;
  await modIn(store, "oci-idx", stripFile("etc"));
  // One layer and two configs.
  strictEqual(store.counts.push, 3);
});

Deno.test("sendBlob() asks, mounts, and only then sends", async () => {
  const siblings = new Map<string, MemoryStore>();
  const from = new MemoryStore({ repository: "a", siblings });
  const to = new MemoryStore({ repository: "b", siblings });
  const far = new MemoryStore({ host: "far" });
  const node = await from.add(noise(10, 1));
  const context = {
    from,
    to,
    now: new Date(0),
    open: () => Promise.resolve(from),
  };
  await sendBlob(node, from, context);
  await sendBlob(node, from, context);
  deepStrictEqual([to.counts.mounted, to.counts.push], [1, 0]);
  await sendBlob(node, from, { ...context, to: far });
  deepStrictEqual([far.counts.mounted, far.counts.push], [0, 1]);
});

Deno.test("a layer that cannot be read ends it all, and leaves no temporary file", async () => {
  await using dir = await tempDir();
  const store = await modStore();
  const to = new MemoryStore({ repository: "other" });
  const broken: Source = {
    name: store.name,
    host: store.host,
    repository: store.repository,
    resolve: (name) => store.resolve(name),
    manifest: (name) => store.manifest(name),
    open: async (node) =>
      node.mediaType.includes("layer")
        ? fromBytes(new Uint8Array(700).fill(1))
        : await store.open(node),
  };
  await rejects(
    modImage("oci-one", {
      from: broken,
      to,
      tag: "v1",
      modifications: [stripFile("etc")],
      temporary: dir.path,
    }),
    (error) => isRegError(error, "invalid"),
  );
  deepStrictEqual(await Array.fromAsync(Deno.readDir(dir.path)), []);
  await rejects(to.resolve("v1"), (error) => isRegError(error, "not_found"));
});
