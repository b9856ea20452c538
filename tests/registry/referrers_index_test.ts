import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Digest } from "../../src/registry/core.ts";
import { parseManifest } from "../../src/registry/manifest.ts";
import {
  addReferrer,
  fallbackTag,
  NO_REFERRERS,
  referrerOf,
  removeReferrer,
} from "../../src/registry/referrers_index.ts";
import { artifact, image } from "../support/images.ts";

const text = (bytes: unknown) =>
  bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : bytes;

Deno.test("fallbackTag() cuts long algorithms and hashes, and makes a tag of them", () => {
  strictEqual(fallbackTag("sha256:abc"), "sha256-abc");
  const long = `${"a+b.".repeat(20)}:${"f".repeat(128)}`;
  strictEqual(fallbackTag(long), `${"a-b-".repeat(8)}-${"f".repeat(64)}`);
});

Deno.test("referrerOf() takes the config's type where the manifest has none", async () => {
  const { root, manifests } = await image({ annotations: { a: "b" } });
  const [one] = manifests;
  const manifest = parseManifest(one?.bytes ?? new Uint8Array());
  const { mediaType, digest, size } = root;
  deepStrictEqual(referrerOf(root, manifest), {
    mediaType,
    digest,
    size,
    annotations: { a: "b" },
    artifactType: "application/vnd.oci.image.config.v1+json",
  });
});

Deno.test("addReferrer() and removeReferrer() write the index as upstream does", () => {
  const { root } = artifact();
  const other: Digest = `sha256:${"0".repeat(64)}`;
  const one = addReferrer({ ...NO_REFERRERS, extra: 1 }, root);
  const json = JSON.parse(String(text(one)));
  strictEqual(
    text(one),
    `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",` +
      `"manifests":[{"mediaType":"${root.mediaType}","digest":"${root.digest}","size":${root.size}}],"extra":1}`,
  );
  strictEqual(addReferrer(json, root), undefined);
  const two = JSON.parse(
    String(text(addReferrer(json, { ...root, digest: other }))),
  );
  strictEqual(text(removeReferrer(two, other)), text(one));
  strictEqual(removeReferrer(json, other), undefined);
  strictEqual(removeReferrer(json, root.digest), "empty");
});
