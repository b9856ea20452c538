import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Digest } from "../../src/registry/core.ts";
import { parseManifest } from "../../src/registry/manifest.ts";
import {
  encodeReferrers,
  fallbackTag,
  isEmptyList,
  NO_REFERRERS,
  referrerOf,
  withoutReferrer,
  withReferrer,
} from "../../src/registry/referrers_index.ts";
import { artifact, image } from "../support/images.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

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

Deno.test("withReferrer() and withoutReferrer() make indexes that are written as upstream writes them", () => {
  const { root } = artifact();
  const other: Digest = `sha256:${"0".repeat(64)}`;
  const one = withReferrer({ ...NO_REFERRERS, extra: 1 }, root)!;
  strictEqual(
    text(encodeReferrers(one)),
    `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",` +
      `"manifests":[{"mediaType":"${root.mediaType}","digest":"${root.digest}","size":${root.size}}],"extra":1}`,
  );
  strictEqual(withReferrer(one, root), undefined);
  const two = withReferrer(one, { ...root, digest: other })!;
  deepStrictEqual(withoutReferrer(two, other), one);
  strictEqual(withoutReferrer(one, other), undefined);
  strictEqual(isEmptyList(one), false);
  strictEqual(isEmptyList(withoutReferrer(one, root.digest)!), true);
  match(text(encodeReferrers(NO_REFERRERS)), /"manifests":\[\]/);
});
