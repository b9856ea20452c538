import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { ApiError } from "../../src/serve/api_error.ts";
import { checkManifest } from "../../src/serve/check_manifest.ts";
import { createRegistry, MemoryStorage } from "../../src/serve/mod.ts";
import { image, index } from "../support/images.ts";
import { RegistryApi } from "../support/registry_api.ts";

const IMAGE = await image();
const OCI = IMAGE.root.mediaType;

const storage = new MemoryStorage();
const app = storage.repository("app");
await new RegistryApi(createRegistry(storage)).pushGraph("app", IMAGE);

/** The manifest of the image that is there, with other keys. */
function changed(keys: Record<string, unknown>): Uint8Array {
  const json = JSON.parse(new TextDecoder().decode(IMAGE.manifests[0]!.bytes));
  return new TextEncoder().encode(JSON.stringify({ ...json, ...keys }));
}

async function codesOf(
  bytes: Uint8Array,
  mediaType: string = OCI,
): Promise<string[]> {
  try {
    await checkManifest(bytes, app, { mediaType, sparse: false });
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.entries.map((entry) => entry.code);
  }
}

Deno.test("checkManifest() takes images and indexes whose children are there", async () => {
  const { kind } = await checkManifest(changed({}), app, {
    mediaType: OCI,
    sparse: false,
  });
  strictEqual(kind, "image");
  const parent = index([IMAGE]);
  const { bytes, descriptor } = parent.manifests.at(-1)!;
  deepStrictEqual(await codesOf(bytes, descriptor.mediaType), []);
});

Deno.test("checkManifest() names each child that is missing, once", async () => {
  const other = await image({ seed: 9, layers: 2 });
  const { bytes } = other.manifests[0]!;
  const missing = ["config", "layer", "layer"].map(() =>
    "MANIFEST_BLOB_UNKNOWN"
  );
  deepStrictEqual(await codesOf(bytes), missing);
  const parent = index([other, other]);
  const { bytes: list, descriptor } = parent.manifests.at(-1)!;
  deepStrictEqual(await codesOf(list, descriptor.mediaType), [
    "MANIFEST_BLOB_UNKNOWN",
  ]);
  await checkManifest(bytes, app, { mediaType: OCI, sparse: true });
});

Deno.test("checkManifest() wants no layers that may not be distributed", async () => {
  const digest = `sha256:${"1".repeat(64)}`;
  const foreign = {
    mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    digest,
    size: 5,
  };
  deepStrictEqual(await codesOf(changed({ layers: [foreign] })), []);
  const plain = "application/vnd.oci.image.layer.v1.tar";
  const located = { mediaType: plain, digest, size: 5, urls: ["https://x"] };
  deepStrictEqual(await codesOf(changed({ layers: [located] })), []);
});

Deno.test("checkManifest() refuses a child of another size", async () => {
  const { descriptor } = IMAGE.blobs[0]!;
  const layers = [{ ...descriptor, size: descriptor.size + 1 }];
  deepStrictEqual(await codesOf(changed({ layers })), ["MANIFEST_INVALID"]);
});

Deno.test("checkManifest() refuses what is no manifest, or two at once", async () => {
  const bad = [
    changed({ schemaVersion: 1 }),
    changed({ layers: undefined }),
    changed({ config: undefined }),
    changed({ manifests: [] }),
    changed({ config: { digest: "x" } }),
    changed({ mediaType: "application/vnd.oci.image.index.v1+json" }),
    changed({ layers: "none" }),
    new TextEncoder().encode("[]"),
    new TextEncoder().encode("{"),
    new TextEncoder().encode("null"),
    new Uint8Array(0),
  ];
  for (const bytes of bad) {
    deepStrictEqual(await codesOf(bytes), ["MANIFEST_INVALID"]);
  }
  deepStrictEqual(
    await codesOf(changed({ mediaType: undefined }), "text/html"),
    [
      "MANIFEST_INVALID",
    ],
  );
});

Deno.test("checkManifest() survives deep and large JSON", async () => {
  const deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
  await rejects(
    checkManifest(new TextEncoder().encode(deep), app, {
      mediaType: OCI,
      sparse: false,
    }),
    ApiError,
  );
  const nested = '{"a":'.repeat(500_000) + "1" + "}".repeat(500_000);
  deepStrictEqual(await codesOf(new TextEncoder().encode(nested)), [
    "MANIFEST_INVALID",
  ]);
});

Deno.test("checkManifest() takes null for an empty list, as Go writes it, and for nothing else", async () => {
  deepStrictEqual(await codesOf(changed({ layers: null })), []);
  deepStrictEqual(await codesOf(changed({ config: null })), [
    "MANIFEST_INVALID",
  ]);
});
