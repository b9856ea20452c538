import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { setLabel } from "../../../src/registry/mod/config_changes.ts";
import {
  changeManifestAlgorithm,
  promoteAnnotations,
  setAnnotation,
  toOciReferrers,
} from "../../../src/registry/mod/manifest_changes.ts";
import { modIn, modStore, read } from "../../support/mod_images.ts";

Deno.test("setAnnotation() reaches every manifest, or the images of a platform", async () => {
  const store = await modStore();
  await modIn(store, "oci-idx", setAnnotation("x", "1"));
  const all = await read(store, "out");
  strictEqual(all.annotations.x, "1");
  for (const { digest } of all.manifests) {
    strictEqual((await read(store, digest)).annotations.x, "1");
  }
  await modIn(store, "oci-idx", setAnnotation("[linux/arm64]x", "1"));
  const some = await read(store, "out");
  deepStrictEqual(some.annotations, { top: "yes" });
  const images = await Promise.all(
    some.manifests.map(({ digest }: { digest: string }) => read(store, digest)),
  );
  deepStrictEqual(
    images.map(({ annotations }) => annotations),
    [undefined, { x: "1" }],
  );
});

Deno.test("promoteAnnotations() changes no child", async () => {
  const store = await modStore();
  const before = await read(store, "anno");
  await modIn(store, "anno", promoteAnnotations());
  const after = await read(store, "out");
  deepStrictEqual(after.annotations, { x: "1" });
  deepStrictEqual(after.manifests, before.manifests);
});

Deno.test("an attestation's entry follows the image that it names", async () => {
  const store = await modStore();
  await modIn(store, "att", setLabel("[linux/amd64]x", "y"));
  const { manifests: [image, , attestation] } = await read(store, "out");
  strictEqual(
    attestation.annotations["vnd.docker.reference.digest"],
    image.digest,
  );
  strictEqual(
    image.digest === (await read(store, "att")).manifests[0].digest,
    false,
  );
});

Deno.test("toOciReferrers() makes attestations referrers of their images", async () => {
  const store = await modStore();
  await modIn(store, "att", toOciReferrers());
  const { manifests } = await read(store, "out");
  strictEqual(manifests.length, 2);
  const { descriptors: [referrer] } = await store.referrers(manifests[0]);
  const json = await read(store, referrer?.digest ?? "");
  strictEqual(json.subject.digest, manifests[0].digest);
  strictEqual(
    json.annotations["vnd.docker.reference.type"],
    "attestation-manifest",
  );
  const lost = await read(store, "att");
  lost.manifests.shift();
  delete lost.configJson;
  await store.addManifest(lost, "lost");
  await rejects(
    modIn(store, "lost", toOciReferrers()),
    /convert referrers before other mod actions/,
  );
});

Deno.test("changeManifestAlgorithm() changes the digests in the index, too", async () => {
  const store = await modStore();
  const { digest } = await modIn(
    store,
    "oci-idx",
    changeManifestAlgorithm("sha384"),
  );
  strictEqual(digest.startsWith("sha384:"), true);
  const { manifests } = await read(store, "out");
  for (const entry of manifests) {
    strictEqual(entry.digest.startsWith("sha384:"), true);
  }
});
