import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import {
  changeConfig,
  changeManifest,
  descriptorOf,
  isIndexNode,
  loadTree,
  platformOfConfig,
  textsIn,
  walk,
  withKeys,
  withoutKey,
} from "../../../src/registry/mod/tree.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { artifact, multiPlatform } from "../../support/images.ts";
import { modStore } from "../../support/mod_images.ts";
import { fill } from "../../support/stores.ts";

Deno.test("loadTree() loads manifests, configs, layers and referrers, and changes no byte", async () => {
  const store = await modStore();
  const top = await loadTree(store, "oci-idx");
  const { digest } = await store.resolve("oci-idx");
  strictEqual(descriptorOf(top).digest, digest);
  strictEqual(isIndexNode(top), true);
  deepStrictEqual(top.children.map((child) => child.layers.length), [4, 2]);
  const [child] = top.children;
  await fill(store, artifact({ subject: child?.original ?? top.original }));
  const again = await loadTree(store, "oci-idx");
  strictEqual(again.children[0]?.referrers.length, 1);
  const config = child?.config;
  deepStrictEqual(config && platformOfConfig(config), {
    architecture: "amd64",
    os: "linux",
  });
  const seen: string[] = [];
  await walk(again, (node) => void seen.push(node.original.digest));
  strictEqual(seen.at(-1), digest);
  strictEqual(seen.length, 3);
});

Deno.test("loadTree() misses what is missing", async () => {
  const store = new MemoryStore();
  const { root, manifests } = await multiPlatform(2);
  for (const { descriptor, bytes } of manifests.slice(1)) {
    await store.putManifest(descriptor, bytes);
  }
  await rejects(
    loadTree(store, root.digest),
    (error) => isRegError(error, "not_found"),
  );
});

Deno.test("changeManifest() and changeConfig() keep keys that nobody knows", async () => {
  const store = await modStore();
  const top = await loadTree(store, "oci-one");
  changeManifest(top, withKeys(top.json, { "x.new": { b: 1, a: 2 } }));
  const text = new TextDecoder().decode(top.bytes);
  strictEqual(text.endsWith(`,"x.new":{"b":1,"a":2}}`), true);
  strictEqual(top.fate, "replaced");
  const { config } = top;
  if (config) changeConfig(config, withKeys(config.json, { moby: "yes" }));
  strictEqual(
    new TextDecoder().decode(config?.bytes).endsWith(`,"moby":"yes"}`),
    true,
  );
});

Deno.test("changeManifest() refuses what is signed", async () => {
  const top = await loadTree(await modStore(), "oci-one");
  top.mediaType = "application/vnd.docker.distribution.manifest.v1+prettyjws";
  throws(
    () => changeManifest(top, top.json),
    (error: Error) => isRegError(error, "unsupported"),
  );
});

Deno.test("withKeys() and withoutKey() leave what they are given alone", () => {
  const json = { a: 1, b: 2, list: ["x", 1] };
  deepStrictEqual(withKeys(json, { a: undefined, c: 3 }), {
    b: 2,
    list: ["x", 1],
    c: 3,
  });
  deepStrictEqual(withoutKey(json, "list"), { a: 1, b: 2 });
  deepStrictEqual(textsIn(json, "list"), ["x"]);
  deepStrictEqual(json, { a: 1, b: 2, list: ["x", 1] });
});
