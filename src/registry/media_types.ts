/**
 * Media types of manifests, configs and layers.
 *
 * @module
 */

/** The media types that the code names. */
export const MEDIA_TYPES = {
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociIndex: "application/vnd.oci.image.index.v1+json",
  ociArtifact: "application/vnd.oci.artifact.manifest.v1+json",
  ociConfig: "application/vnd.oci.image.config.v1+json",
  ociEmpty: "application/vnd.oci.empty.v1+json",
  ociLayer: "application/vnd.oci.image.layer.v1.tar",
  ociLayerGzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  ociLayerZstd: "application/vnd.oci.image.layer.v1.tar+zstd",
  ociForeign: "application/vnd.oci.image.layer.nondistributable.v1.tar",
  ociForeignGzip:
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
  ociForeignZstd:
    "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
  dockerV1: "application/vnd.docker.distribution.manifest.v1+json",
  dockerV1Signed: "application/vnd.docker.distribution.manifest.v1+prettyjws",
  dockerConfig: "application/vnd.docker.container.image.v1+json",
  dockerLayer: "application/vnd.docker.image.rootfs.diff.tar",
  dockerLayerGzip: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  dockerLayerZstd: "application/vnd.docker.image.rootfs.diff.tar.zstd",
  dockerForeign: "application/vnd.docker.image.rootfs.foreign.diff.tar",
  dockerForeignGzip:
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
  buildkitCache: "application/vnd.buildkit.cacheconfig.v0",
} as const;

const M = MEDIA_TYPES;

/** What we ask a registry for, in this order. */
export const ACCEPTED_MANIFESTS: readonly string[] = [
  M.ociIndex,
  M.ociManifest,
  M.dockerList,
  M.dockerManifest,
  M.dockerV1Signed,
  M.dockerV1,
  M.ociArtifact,
];

const MANIFESTS = new Set(ACCEPTED_MANIFESTS);
const BLOBS = new Set<string>([
  M.ociConfig,
  M.ociEmpty,
  M.ociLayer,
  M.ociLayerGzip,
  M.ociLayerZstd,
  M.ociForeign,
  M.ociForeignGzip,
  M.ociForeignZstd,
  M.dockerConfig,
  M.dockerLayer,
  M.dockerLayerGzip,
  M.dockerLayerZstd,
  M.dockerForeign,
  M.dockerForeignGzip,
  M.buildkitCache,
]);

/** The type without parameters, in lower case. */
export function baseMediaType(text: string): string {
  return (text.split(";")[0] ?? "").trim().toLowerCase();
}

/** Tells whether it is one of the manifest types, indexes included. */
export function isManifestType(mediaType: string): boolean {
  return MANIFESTS.has(mediaType);
}

/** Tells whether it is an OCI index or a Docker manifest list. */
export function isIndexType(mediaType: string): boolean {
  return mediaType === M.ociIndex || mediaType === M.dockerList;
}

/** Tells whether it is an OCI or Docker v2 image manifest. */
export function isImageType(mediaType: string): boolean {
  return mediaType === M.ociManifest || mediaType === M.dockerManifest;
}

/** Tells whether it is a Docker schema 1 manifest, signed or not. */
export function isSchema1Type(mediaType: string): boolean {
  return mediaType === M.dockerV1 || mediaType === M.dockerV1Signed;
}

/** Tells whether it is an image config, OCI or Docker. */
export function isConfigType(mediaType: string): boolean {
  return mediaType === M.ociConfig || mediaType === M.dockerConfig;
}

/** Tells whether it is a known type of blob: a config, a layer, a build cache. */
export function isBlobType(mediaType: string): boolean {
  return BLOBS.has(mediaType);
}

/** What bytes are of which nothing is known. */
export const UNKNOWN_TYPE = "application/octet-stream";
