import { deepStrictEqual } from "node:assert/strict";
import {
  type ArtifactNode,
  artifactTree,
} from "../../src/registry/artifact_tree.ts";
import type { Descriptor } from "../../src/registry/core.ts";
import { describeManifest } from "../../src/registry/manifest.ts";
import { MEDIA_TYPES } from "../../src/registry/media_types.ts";
import { MemoryStore } from "../../src/registry/store/memory.ts";

const index = (note: string, rest: Record<string, unknown> = {}) => {
  const bytes = new TextEncoder().encode(JSON.stringify({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociIndex,
    manifests: [],
    annotations: { note },
    ...rest,
  }));
  return describeManifest(bytes);
};

async function put(
  store: MemoryStore,
  tag: string,
  ...args: Parameters<typeof index>
) {
  const { descriptor, bytes } = index(...args);
  await store.putManifest(descriptor, bytes, { tag });
  return descriptor;
}

const shape = (node: ArtifactNode, names: Map<string, string>): unknown => [
  names.get(node.manifest.descriptor.digest),
  node.children.map((child) => shape(child, names)),
  node.referrers.map((child) => shape(child, names)),
];

Deno.test("artifactTree() follows entries, then referrers, then theirs", async () => {
  const store = new MemoryStore();
  const leaf = await put(store, "leaf", "leaf");
  const root = await put(store, "root", "root", { manifests: [leaf] });
  const about = (subject: Descriptor) => ({ subject, artifactType: "x/y" });
  const first = await put(store, "first", "first", about(root));
  const second = await put(store, "second", "second", about(first));
  const onLeaf = await put(store, "onLeaf", "onLeaf", about(leaf));
  const names = new Map(
    Object.entries({ leaf, root, first, second, onLeaf })
      .map(([name, { digest }]) => [digest, name]),
  );
  const tree = await artifactTree(store, "root");
  deepStrictEqual(shape(tree.root, names), [
    "root",
    [["leaf", [], [["onLeaf", [], []]]]],
    [["first", [], [["second", [], []]]]],
  ]);
  deepStrictEqual(tree.error, undefined);
});

Deno.test("artifactTree() looks for referrers elsewhere where it is told to", async () => {
  const store = new MemoryStore();
  const external = new MemoryStore({ host: "other" });
  const subject = await put(store, "root", "root");
  const far = await put(external, "far", "far", {
    subject,
    artifactType: "x/y",
  });
  const { root } = await artifactTree(store, "root", { external });
  deepStrictEqual(
    root.referrers.map((
      { isExternal, manifest },
    ) => [isExternal, manifest.descriptor.digest]),
    [[true, far.digest]],
  );
});
