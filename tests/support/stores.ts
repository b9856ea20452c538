/** Stores for tests: filled through their own interface. */
import { fromBytes } from "../../src/base/streams.ts";
import type { Store } from "../../src/registry/core.ts";
import type { Graph } from "./images.ts";

/** Pushes a graph into a store, children before their parents, the root under a tag. */
export async function fill(
  store: Store,
  graph: Graph,
  tag?: string,
): Promise<void> {
  for (const { descriptor, bytes } of graph.blobs) {
    await store.push(descriptor, () => Promise.resolve(fromBytes(bytes)));
  }
  for (const { descriptor, bytes } of graph.manifests) {
    const isRoot = descriptor.digest === graph.root.digest;
    const how = isRoot ? { tag } : { child: true };
    await store.putManifest(descriptor, bytes, how);
  }
}
