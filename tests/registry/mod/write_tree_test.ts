import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { setLabel } from "../../../src/registry/mod/config_changes.ts";
import { embedData, modImage } from "../../../src/registry/mod/mod_image.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { artifact } from "../../support/images.ts";
import { modIn, modStore, read } from "../../support/mod_images.ts";
import { fill } from "../../support/stores.ts";

Deno.test("descriptors carry what they name, and let go of it", async () => {
  const store = await modStore();
  await modIn(store, "oci-idx", embedData(1500));
  const { manifests } = await read(store, "out");
  for (const entry of manifests) {
    const { bytes } = await store.manifest(entry.digest);
    const carried = entry.data && Buffer.from(entry.data, "base64");
    deepStrictEqual(
      carried && new Uint8Array(carried),
      bytes.length <= 1500 ? new Uint8Array(bytes) : undefined,
    );
  }
  const image = await read(store, manifests[1].digest);
  const config = JSON.parse(
    Buffer.from(image.config.data, "base64").toString(),
  );
  deepStrictEqual(config, image.configJson);
  await modIn(store, "out", embedData(0));
  const bare = JSON.stringify([
    await read(store, "out"),
    await read(store, (await read(store, "out")).manifests[1].digest),
  ]);
  strictEqual(bare.includes(`"data"`), false);
});

Deno.test("what a descriptor carries follows a change", async () => {
  const store = await modStore();
  await modIn(store, "oci-one", embedData(3000));
  await modIn(store, "out", setLabel("x", "y"));
  const { config, configJson } = await read(store, "out");
  const carried = JSON.parse(Buffer.from(config.data, "base64").toString());
  deepStrictEqual(carried, configJson);
  strictEqual(carried.config.Labels.x, "y");
});

Deno.test("referrers follow within a repository, and stay behind elsewhere", async () => {
  const store = await modStore();
  const { digest } = await store.resolve("oci-one");
  const subject = { mediaType: "", digest, size: 0 };
  const sbom = artifact({
    subject: { ...(await store.resolve("oci-one")) },
  });
  await fill(store, sbom);
  const changed = await modIn(store, "oci-one", setLabel("x", "y"));
  const { descriptors: [moved] } = await store.referrers(changed);
  const { subject: named } = await read(store, moved?.digest ?? "");
  deepStrictEqual(named, changed);
  strictEqual((await store.referrers(subject)).descriptors.length, 1);
  const other = new MemoryStore({ repository: "other" });
  const there = await modImage("oci-one", {
    from: store,
    to: other,
    tag: "v1",
    modifications: [setLabel("x", "y")],
  });
  strictEqual(there.digest, changed.digest);
  strictEqual((await other.referrers(there)).descriptors.length, 0);
});
