/**
 * The flags of `regctl image mod`: each use is a step, in the order of the
 * command line.
 *
 * @module
 */

const TIME = "TIME-OPTIONS";

/** The flags. */
export const MOD_FLAGS = {
  annotation: {
    kind: "list",
    value: "[PLATFORMS]NAME=VALUE",
    summary:
      "Set an annotation (omit value to delete, prefix with platform list [p1,p2] or [*] for all images)",
  },
  "annotation-base": {
    kind: "list",
    value: "REF,DIGEST",
    summary: "Set base image annotations (image/name:tag,sha256:digest)",
  },
  "annotation-promote": {
    kind: "switch",
    summary: "Promote common annotations from child images to index",
  },
  author: { kind: "list", value: "TEXT", summary: "Set image author" },
  "buildarg-rm": {
    kind: "list",
    value: "NAME=VALUE",
    summary: "Delete a build arg",
  },
  "buildarg-rm-regex": {
    kind: "list",
    value: "NAME=REGEXP",
    summary: "Delete a build arg with a regex value",
  },
  "config-cmd": {
    kind: "list",
    value: "COMMAND",
    summary:
      "Set command in the config (json array or string, empty string to delete)",
  },
  "config-entrypoint": {
    kind: "list",
    value: "COMMAND",
    summary:
      "Set entrypoint in the config (json array or string, empty string to delete)",
  },
  "config-platform": {
    kind: "list",
    value: "PLATFORM",
    completes: "platform",
    summary:
      "Set platform on the config (not recommended for an index of multiple images)",
  },
  "config-time": {
    kind: "list",
    value: TIME,
    summary: "Set timestamp for the config",
  },
  "config-time-max": {
    kind: "list",
    value: "TIME",
    hidden: true,
    summary: "Latest timestamp for the config",
  },
  "data-max": {
    kind: "list",
    value: "BYTES",
    summary: "Sets or removes descriptor data field (size in bytes)",
  },
  "digest-algo": {
    kind: "list",
    value: "NAME",
    completes: ["sha256", "sha384", "sha512"],
    summary: "Change the digest algorithm (sha256, sha384, sha512)",
  },
  env: {
    kind: "list",
    value: "[PLATFORMS]NAME=VALUE",
    summary:
      "Set an environment variable (omit value to delete, prefix with platform list [p1,p2] for subset of images)",
  },
  "expose-add": {
    kind: "list",
    value: "PORT",
    summary: "Add an exposed port",
  },
  "expose-rm": {
    kind: "list",
    value: "PORT",
    summary: "Delete an exposed port",
  },
  "external-urls-rm": {
    kind: "switch",
    summary:
      'Remove external url references from layers (first copy image with "--include-external")',
  },
  "file-tar-time": {
    kind: "list",
    value: TIME,
    summary:
      "Timestamp for contents of a tar file within a layer, set filename=${name} with time options",
  },
  "file-tar-time-max": {
    kind: "list",
    value: "FILE,TIME",
    hidden: true,
    summary: "Latest timestamp for contents of a tar file within a layer",
  },
  label: {
    kind: "list",
    value: "[PLATFORMS]NAME=VALUE",
    summary:
      "Set a label (omit value to delete, prefix with platform list [p1,p2] for subset of images)",
  },
  "label-to-annotation": {
    kind: "switch",
    summary: "Set annotations from labels",
  },
  "layer-add": {
    kind: "list",
    value: "SETTINGS",
    summary: "Add a new layer (tar=file,dir=directory,platform=val)",
  },
  "layer-compress": {
    kind: "list",
    value: "NAME",
    completes: ["gzip", "none", "zstd"],
    summary: "Change layer compression (gzip, none, zstd)",
  },
  "layer-rm-created-by": {
    kind: "list",
    value: "REGEXP",
    summary: "Delete a layer based on history (created by string is a regex)",
  },
  "layer-rm-index": {
    kind: "list",
    value: "N",
    summary: "Delete a layer from an image (index begins at 0)",
  },
  "layer-strip-file": {
    kind: "list",
    value: "PATH",
    summary: "Delete a file or directory from all layers",
  },
  "layer-time": {
    kind: "list",
    value: TIME,
    summary: "Set timestamp for the layer contents",
  },
  "layer-time-max": {
    kind: "list",
    value: "TIME",
    hidden: true,
    summary: "Latest timestamp for the layer contents",
  },
  rebase: {
    kind: "switch",
    summary: "Rebase an image using OCI annotations",
  },
  "rebase-ref": {
    kind: "list",
    value: "OLD,NEW",
    summary: "Rebase an image with base references (base:old,base:new)",
  },
  reproducible: {
    kind: "switch",
    summary: "Fix tar headers for reproducibility",
  },
  time: {
    kind: "list",
    value: TIME,
    summary: "Set timestamp for both the config and layers",
  },
  "time-max": {
    kind: "list",
    value: "TIME",
    hidden: true,
    summary: "Latest timestamp for both the config and layers",
  },
  "to-docker": {
    kind: "switch",
    summary: "Convert to Docker schema2 media types",
  },
  "to-oci": { kind: "switch", summary: "Convert to OCI media types" },
  "to-oci-referrers": {
    kind: "switch",
    summary: "Convert to OCI referrers",
  },
  user: {
    kind: "list",
    value: "[PLATFORMS]USER",
    summary:
      "Set default user (username, uid, with optional colon and group/gid value)",
  },
  "volume-add": {
    kind: "list",
    value: "PATH",
    summary: "Add a volume definition",
  },
  "volume-rm": {
    kind: "list",
    value: "PATH",
    summary: "Delete a volume definition",
  },
  workdir: {
    kind: "list",
    value: "[PLATFORMS]PATH",
    summary: "Set default workdir path",
  },
} as const;
