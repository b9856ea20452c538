import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { copySubset } from "../../src/registry/copy_subset.ts";
import {
  describeManifest,
  parseManifest,
} from "../../src/registry/manifest.ts";
import { formatPlatform, parsePlatform } from "../../src/registry/platform.ts";
import { assertWhole, pair } from "../support/copies.ts";
import { artifact, image, index, PLATFORMS } from "../support/images.ts";

const [amd64, arm64] = await Promise.all(
  PLATFORMS.slice(0, 2).map((platform, seed) => image({ platform, seed })),
);
const attestation = artifact();
const about = {
  ...attestation,
  root: {
    ...attestation.root,
    annotations: { "vnd.docker.reference.digest": arm64!.root.digest },
  },
};
const whole = index([amd64!, arm64!, about], { annotations: { a: "b" } });
const platforms = [arm64!.root.platform!];

Deno.test("copySubset() puts an index of the kept images and their attestations", async () => {
  const { from, to } = pair();
  from.fill(whole, "v1");
  const { root } = await copySubset("v1", { from, to, tag: "v1", platforms });
  assertWhole(to, "v1");
  const { bytes } = to.manifests.get(root.digest)!;
  const manifest = parseManifest(bytes);
  strictEqual(manifest.kind, "index");
  deepStrictEqual(manifest.annotations, { a: "b" });
  const entries = manifest.kind === "index" ? manifest.manifests : [];
  deepStrictEqual(
    entries.map(({ digest }) => digest),
    [arm64!.root.digest, about.root.digest],
  );
  strictEqual(to.manifests.has(amd64!.root.digest), false);
});

Deno.test("copySubset() keeps what it does not know of an index", async () => {
  const { from, to } = pair();
  const manifests = [arm64!.root];
  const text = JSON.stringify({ schemaVersion: 2, "x-own": 1, manifests });
  const made = describeManifest(new TextEncoder().encode(text));
  from.fill(arm64!);
  from.manifests.set(made.descriptor.digest, made);
  const digest = made.descriptor.digest;
  const { root } = await copySubset(digest, { from, to, tag: "v1", platforms });
  deepStrictEqual(root.digest, digest);
});

Deno.test("copySubset() says which platform is not there", async () => {
  const { from, to } = pair();
  from.fill(whole, "v1");
  const none = parsePlatform("linux/s390x");
  await rejects(copySubset("v1", { from, to, platforms: [none] }), {
    message: `platform not found: ${formatPlatform(none)}`,
  });
  strictEqual(to.manifests.size, 0);
});

Deno.test("copySubset() copies what is no index whole", async () => {
  const { from, to } = pair();
  from.fill(amd64!, "v1");
  await copySubset("v1", { from, to, tag: "v1", platforms });
  assertWhole(to, "v1");
});
