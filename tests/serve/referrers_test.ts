import { deepStrictEqual } from "node:assert/strict";
import { parseManifest } from "../../src/registry/manifest.ts";
import { referrerOf } from "../../src/serve/referrers.ts";
import { describeJson, image } from "../support/images.ts";

const IMAGE = await image();

Deno.test("referrerOf() takes the config's type where the manifest names none", () => {
  const { bytes, descriptor } = IMAGE.manifests[0]!;
  deepStrictEqual(referrerOf(descriptor, parseManifest(bytes)), {
    ...descriptor,
    artifactType: "application/vnd.oci.image.config.v1+json",
  });
});

Deno.test("referrerOf() gives an index only the type and annotations it has", () => {
  const type = "application/vnd.oci.image.index.v1+json";
  const bare = { schemaVersion: 2, mediaType: type, manifests: [] };
  const plain = describeJson(type, bare);
  deepStrictEqual(
    referrerOf(plain.descriptor, parseManifest(plain.bytes)),
    plain.descriptor,
  );
  const rich = describeJson(type, {
    ...bare,
    artifactType: "a/b",
    annotations: { k: "v" },
  });
  deepStrictEqual(referrerOf(rich.descriptor, parseManifest(rich.bytes)), {
    ...rich.descriptor,
    artifactType: "a/b",
    annotations: { k: "v" },
  });
});
