/**
 * Flags that several commands of regctl have.
 *
 * @module
 */

/** Says what would be done, and does nothing. */
export const DRY_RUN = {
  "dry-run": {
    kind: "switch",
    summary: "Print what would be done, a line each, and change nothing",
  },
} as const;

/** Picks an image out of an index. */
export const PLATFORM = {
  platform: {
    kind: "text",
    value: "PLATFORM",
    short: "p",
    completes: "platform",
    summary: "Specify platform (e.g. linux/amd64 or local)",
  },
} as const;

/** What files in artifacts most often are, for completion. */
export const FILE_TYPES = [
  "application/octet-stream",
  "application/tar+gzip",
  "application/vnd.oci.image.layer.v1.tar",
  "application/vnd.oci.image.layer.v1.tar+gzip",
  "application/vnd.oci.image.layer.v1.tar+zstd",
] as const;

/** What configs of artifacts most often are. */
export const CONFIG_TYPES = [
  "application/vnd.cncf.helm.chart.config.v1+json",
  "application/vnd.oci.empty.v1+json",
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.sylabs.sif.config.v1+json",
] as const;

/** What manifests are. */
export const MANIFEST_TYPES = [
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
] as const;

/** The template that stands for a command's own text. */
export const PRETTY = "{{printPretty .}}";
