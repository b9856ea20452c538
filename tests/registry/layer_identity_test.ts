import { strictEqual } from "node:assert/strict";
import type { Descriptor } from "../../src/registry/core.ts";
import { isSameLayer } from "../../src/registry/layer_identity.ts";
import { MEDIA_TYPES } from "../../src/registry/media_types.ts";

Deno.test("isSameLayer() compares digest, size and type, of either family", () => {
  const layer: Descriptor = {
    mediaType: MEDIA_TYPES.ociLayerGzip,
    digest: `sha256:${"0".repeat(64)}`,
    size: 1,
  };
  const docker = { ...layer, mediaType: MEDIA_TYPES.dockerLayerGzip };
  strictEqual(isSameLayer(layer, docker), true);
  strictEqual(isSameLayer(docker, layer), true);
  const zstd = { ...layer, mediaType: MEDIA_TYPES.dockerLayerZstd };
  strictEqual(isSameLayer(layer, zstd), false);
  strictEqual(isSameLayer(layer, { ...layer, size: 2 }), false);
  const other = { ...layer, digest: `sha256:${"1".repeat(64)}` } as const;
  strictEqual(isSameLayer(layer, other), false);
});
