/**
 * Which manifests refer to another.
 *
 * @module
 */
import type { Descriptor } from "../registry/core.ts";
import { type Manifest } from "../registry/manifest.ts";

/**
 * The entry of a manifest in the list of its subject's referrers: its descriptor
 * with its artifact type and its annotations.
 *
 * See {@link https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers}.
 */
export function referrerOf(node: Descriptor, manifest: Manifest): Descriptor {
  const { mediaType, digest, size } = node;
  const artifactType = manifest.artifactType ??
    (manifest.kind === "image" ? manifest.config.mediaType : undefined);
  const hasNotes = Object.keys(manifest.annotations).length > 0;
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(hasNotes ? { annotations: manifest.annotations } : {}),
  };
}
