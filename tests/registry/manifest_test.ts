import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { RegError } from "../../src/base/errors.ts";
import {
  childrenOf,
  describeManifest,
  MANIFEST_LIMIT,
  parseManifest,
} from "../../src/registry/manifest.ts";
import { MEDIA_TYPES as M } from "../../src/registry/media_types.ts";

const bytes = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value));
const node = (n: number, mediaType: string = M.ociLayerGzip) => ({
  mediaType,
  digest: `sha256:${String(n).padStart(64, "0")}`,
  size: n,
});
const image = {
  schemaVersion: 2,
  mediaType: M.ociManifest,
  artifactType: "application/x",
  config: node(1, M.ociConfig),
  layers: [node(2), { ...node(3), urls: ["https://a/b"], data: "AA==" }],
  subject: node(4, M.ociManifest),
  annotations: { a: "b" },
};

Deno.test("parseManifest() reads an image with all its fields", () => {
  const type = `${M.ociManifest}; charset=utf-8`;
  const manifest = parseManifest(bytes(image), type);
  strictEqual(manifest.kind, "image");
  deepStrictEqual(childrenOf(manifest), [image.config, ...image.layers]);
  deepStrictEqual(manifest.subject, image.subject);
  deepStrictEqual(manifest.annotations, { a: "b" });
  strictEqual(manifest.artifactType, "application/x");
});

Deno.test("parseManifest() reads an index with platforms", () => {
  const platform = { architecture: "arm", os: "linux", variant: "v7" };
  const index = { schemaVersion: 2, manifests: [{ ...node(1), platform }] };
  const manifest = parseManifest(bytes(index));
  strictEqual(manifest.mediaType, M.ociIndex);
  deepStrictEqual(childrenOf(manifest)[0]?.platform, platform);
});

Deno.test("parseManifest() tells the type from the shape where nobody says it", () => {
  const of = (value: unknown) => parseManifest(bytes(value)).mediaType;
  const config = node(1);
  strictEqual(of({ manifests: [node(1, M.dockerManifest)] }), M.dockerList);
  const layers = [node(1, M.dockerLayerGzip)];
  strictEqual(of({ config, layers }), M.dockerManifest);
  strictEqual(of({ config, layers: [] }), M.ociManifest);
  strictEqual(of({ schemaVersion: 1, signatures: [] }), M.dockerV1Signed);
});

Deno.test("parseManifest() reads the layers of schema 1", () => {
  const old = { schemaVersion: 1, fsLayers: [{ blobSum: node(1).digest }] };
  const digests = childrenOf(parseManifest(bytes(old))).map((n) => n.digest);
  deepStrictEqual(digests, [node(1).digest]);
});

Deno.test("parseManifest() refuses a type that the bytes contradict", () => {
  throws(() => parseManifest(bytes(image), M.ociIndex), {
    code: "mismatch",
    message: /expected .*index.*, received .*manifest/,
  });
});

Deno.test("parseManifest() names the part that is malformed", () => {
  const bad = (value: unknown) => () =>
    parseManifest(bytes(value), M.ociManifest);
  const layer = (change: unknown) =>
    bad({ ...image, layers: [{ ...node(1), ...Object(change) }] });
  throws(layer({ size: -1 }), /"layers\[0\].size" is no size/);
  throws(layer({ digest: "../x" }), /"layers\[0\].digest"/);
  throws(bad({ ...image, layers: {} }), /"layers" is no list/);
  throws(bad({ ...image, config: 5 }), /"config" is no descriptor/);
  throws(bad([]), /no JSON object/);
});

Deno.test("parseManifest() refuses what is too large or no manifest", () => {
  const large = new Uint8Array(MANIFEST_LIMIT + 1);
  throws(() => parseManifest(large), { code: "limit" });
  throws(() => parseManifest(bytes({})), {
    code: "unsupported",
    message: /unsupported media type: ""/,
  });
});

Deno.test("parseManifest() answers any JSON with a manifest or one error", () => {
  const key = fc.constantFrom(
    ...["schemaVersion", "mediaType", "config", "layers", "manifests"],
    ...["fsLayers", "subject", "__proto__"],
  );
  fc.assert(fc.property(fc.dictionary(key, fc.jsonValue()), (value) => {
    try {
      parseManifest(bytes(value));
    } catch (error) {
      strictEqual(error instanceof RegError, true);
    }
  }));
});

Deno.test("describeManifest() names the very bytes", () => {
  const spaced = new TextEncoder().encode('{ "manifests" : [] }');
  const { descriptor } = describeManifest(spaced, "", "sha512");
  strictEqual(descriptor.size, spaced.length);
  strictEqual(descriptor.digest.startsWith("sha512:"), true);
});
