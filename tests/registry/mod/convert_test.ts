import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import {
  hasUrls,
  packedType,
  removeExternalUrls,
  toDocker,
  toOci,
} from "../../../src/registry/mod/convert.ts";
import { loadTree } from "../../../src/registry/mod/tree.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { artifact, noise } from "../../support/images.ts";
import { modIn, modStore, read } from "../../support/mod_images.ts";
import { fill } from "../../support/stores.ts";

Deno.test("toDocker() and toOci() undo each other", async () => {
  for (const name of ["oci-one", "docker-one"]) {
    const store = await modStore();
    const [there, back] = name === "oci-one"
      ? [toDocker(), toOci()]
      : [toOci(), toDocker()];
    const { digest } = await modIn(store, name, there);
    strictEqual(digest === (await store.resolve(name)).digest, false);
    const again = await modIn(store, "out", back);
    strictEqual(again.digest, (await store.resolve(name)).digest);
  }
});

Deno.test("toDocker() refuses artifacts", async () => {
  const store = new MemoryStore();
  await fill(store, artifact(), "v1");
  await rejects(
    modIn(store, "v1", toDocker()),
    (error) => isRegError(error, "unsupported"),
  );
});

Deno.test("removeExternalUrls() makes foreign layers usual ones, and has them stored", async () => {
  const store = new MemoryStore();
  const config = await store.add(
    new TextEncoder().encode(`{"os":"linux","architecture":"amd64"}`),
    "application/vnd.oci.image.config.v1+json",
  );
  const layer = await store.add(noise(10, 1));
  await store.addManifest({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config,
    layers: [{
      ...layer,
      mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar",
      urls: ["https://example.com/layer"],
    }],
  }, "v1");
  const target = new MemoryStore({ repository: "other" });
  const { modImage } = await import("../../../src/registry/mod/mod_image.ts");
  await modImage("v1", {
    from: store,
    to: target,
    tag: "v1",
    modifications: [removeExternalUrls()],
  });
  const { layers } = await read(target, "v1");
  deepStrictEqual(layers, [{
    ...layer,
    mediaType: "application/vnd.oci.image.layer.v1.tar",
  }]);
  strictEqual(await target.exists(layer), true);
});

Deno.test("packedType() stays in the family, and knows layers alone", async () => {
  const { layers: [layer] } = await loadTree(await modStore(), "docker-one");
  if (!layer) throw new Error("no layer");
  strictEqual(
    packedType(layer, "gzip"),
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
  );
  layer.entry = { mediaType: "application/vnd.example" };
  strictEqual(packedType(layer, "gzip"), undefined);
  strictEqual(hasUrls({ urls: [] }), false);
});
