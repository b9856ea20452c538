import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { setLabel } from "../../../src/registry/mod/config_changes.ts";
import {
  changeDigestAlgorithm,
  modImage,
} from "../../../src/registry/mod/mod_image.ts";
import { rebaseOnto } from "../../../src/registry/mod/rebase.ts";
import { parseReference } from "../../../src/registry/reference.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { modIn, modStore, read } from "../../support/mod_images.ts";

Deno.test("modImage() tags a result that is the same as before, and puts nothing else", async () => {
  const store = await modStore();
  store.counts.putManifest = 0;
  store.counts.push = 0;
  const { digest } = await modIn(store, "oci-idx");
  strictEqual((await store.resolve("out")).digest, digest);
  deepStrictEqual([store.counts.putManifest, store.counts.push], [1, 0]);
});

Deno.test("modImage() brings the whole image to another repository", async () => {
  const from = await modStore();
  const to = new MemoryStore({ host: "far" });
  const { digest } = await modImage("oci-idx", {
    from,
    to,
    tag: "v1",
    modifications: [setLabel("[linux/arm64]x", "y")],
  });
  strictEqual((await to.resolve("v1")).digest, digest);
  for (const entry of (await read(to, "v1")).manifests) {
    const { layers, configJson } = await read(to, entry.digest);
    strictEqual(configJson.os, "linux");
    for (const layer of layers) strictEqual(await to.exists(layer), true);
  }
});

Deno.test("modImage() puts the tag last", async () => {
  const from = await modStore();
  const to = new MemoryStore({ host: "far" });
  const { digest } = await modImage("oci-idx", {
    from,
    to,
    tag: "v1",
    modifications: [],
  });
  strictEqual(to.stored.at(-1), digest);
});

Deno.test("changeDigestAlgorithm() reaches layers, diff ids, configs and manifests", async () => {
  const store = await modStore();
  const { digest } = await modIn(
    store,
    "oci-one",
    changeDigestAlgorithm("sha512"),
  );
  const { layers, config, configJson } = await read(store, "out");
  const digests = [
    digest,
    config.digest,
    ...configJson.rootfs.diff_ids,
    ...layers.map((layer: { digest: string }) => layer.digest),
  ];
  deepStrictEqual(
    digests.filter((text) => !text.startsWith("sha512:")),
    [],
  );
  const again = await modIn(store, "out", changeDigestAlgorithm("sha512"));
  strictEqual(again.digest, digest);
});

Deno.test("modImage() opens other repositories only where it was told how", async () => {
  const store = await modStore();
  const base = parseReference("example.com/base:v1");
  await rejects(
    modImage("oci-onbase", {
      from: store,
      to: store,
      modifications: [rebaseOnto(base, base)],
    }),
    /Cannot open "example.com\/base:v1" here/,
  );
});
