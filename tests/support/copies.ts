/** Pairs of stores for tests of copies. */
import { strictEqual } from "node:assert/strict";
import type { Digest } from "../../src/registry/core.ts";
import { childrenOf, parseManifest } from "../../src/registry/manifest.ts";
import { TestHost, type TestStore } from "./test_store.ts";

/** A repository to copy from and one to copy to, on two registries. */
export function pair(): {
  readonly source: TestHost;
  readonly target: TestHost;
  readonly from: TestStore;
  readonly to: TestStore;
} {
  const source = new TestHost("source.io");
  const target = new TestHost("target.io");
  const from = source.repository("app");
  const to = target.repository("mirror/app");
  return { source, target, from, to };
}

/** Fails unless all that a tag reaches is there. */
export function assertWhole(store: TestStore, tag: string): void {
  const visit = (digest: Digest) => {
    const found = store.manifests.get(digest);
    if (!found) {
      strictEqual(store.blobs.has(digest), true, `missing ${digest}`);
      return;
    }
    const manifest = parseManifest(found.bytes, found.descriptor.mediaType);
    for (const child of childrenOf(manifest)) visit(child.digest);
  };
  visit(store.tagged.get(tag) ?? "sha256:missing");
}
