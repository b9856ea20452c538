import { strictEqual, throws } from "node:assert/strict";
import { makeImage, pushBytes } from "../../src/registry/image_create.ts";
import { MEDIA_TYPES } from "../../src/registry/media_types.ts";
import { MemoryStore } from "../../src/registry/store/memory.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("makeImage() writes what upstream writes, null layers and all", () => {
  const { manifest, config, configBytes } = makeImage({
    labels: { b: "<", a: "" },
    annotations: { k: "v" },
  });
  strictEqual(
    text(configBytes),
    '{"architecture":"","os":"","config":{"Labels":{"a":"","b":"\\u003c"}},"rootfs":{"type":"layers","diff_ids":[]}}',
  );
  strictEqual(
    text(manifest.bytes),
    `{"schemaVersion":2,"mediaType":"${MEDIA_TYPES.ociManifest}","config":{"mediaType":"${MEDIA_TYPES.ociConfig}",` +
      `"digest":"${config.digest}","size":${config.size}},"layers":null,"annotations":{"k":"v"}}`,
  );
  strictEqual(
    makeImage({ mediaType: MEDIA_TYPES.dockerManifest }).config.mediaType,
    MEDIA_TYPES.dockerConfig,
  );
  throws(() => makeImage({ mediaType: MEDIA_TYPES.ociIndex }), {
    code: "unsupported",
  });
});

Deno.test("pushBytes() stores what is not there", async () => {
  const store = new MemoryStore();
  const { config, configBytes } = makeImage();
  await pushBytes(store, config, { bytes: configBytes });
  strictEqual(await store.exists(config), true);
});
