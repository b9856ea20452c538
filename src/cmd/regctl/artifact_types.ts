/**
 * What `regctl artifact put` puts into an artifact, and of which media types.
 *
 * @module
 */
import type { Log } from "../../base/log.ts";
import type { FlagValues } from "../../cli/flags.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { checkMediaType } from "../../registry/artifact.ts";
import { MEDIA_TYPES } from "../../registry/media_types.ts";
import { CONFIG_TYPES, FILE_TYPES } from "./flags.ts";

/** The flags that say what is in an artifact. */
export const CONTENT_FLAGS = {
  "artifact-type": {
    kind: "text",
    value: "TYPE",
    summary: "Artifact type (recommended)",
  },
  "config-file": {
    kind: "text",
    value: "FILE",
    completes: "file",
    summary: "Filename for config content",
  },
  "config-type": {
    kind: "text",
    value: "TYPE",
    completes: CONFIG_TYPES,
    summary: "Config mediaType",
  },
  file: {
    kind: "list",
    value: "FILE",
    short: "f",
    completes: "file",
    summary: "Artifact filename; a directory is packed",
  },
  "file-media-type": {
    kind: "list",
    value: "TYPE",
    short: "m",
    completes: FILE_TYPES,
    summary: "Set the mediaType for the individual files",
  },
  "file-title": {
    kind: "switch",
    summary: "Include a title annotation with the filename",
  },
  "strip-dirs": {
    kind: "switch",
    summary: "Strip directories from filenames in file-title",
  },
} as const;

/** The values of {@linkcode CONTENT_FLAGS}. */
export type ContentFlags = FlagValues<typeof CONTENT_FLAGS>;

/** The media types of an artifact. */
export interface ArtifactTypes {
  /** Its own; none for upstream's default of a config with a type. */
  readonly artifact: string | undefined;
  /** Of its config. */
  readonly config: string;
  /** Of each file; of the standard input where there is none. */
  readonly files: readonly string[];
}

/**
 * The media types, from what is told and upstream's rules for the rest.
 *
 * @throws {UsageError} where the flags leave a type open.
 */
export function typesOf(flags: ContentFlags, log: Log): ArtifactTypes {
  const { "artifact-type": told = "", "config-type": configType = "" } = flags;
  const { "config-file": configFile, file, "file-media-type": types } = flags;
  for (const type of [told, configType, ...types]) {
    if (type !== "") checkMediaType(type);
  }
  let config = configType;
  if (config === "" && configFile !== undefined) {
    if (told === "") {
      throw new UsageError("config-type is required for config-file");
    }
    log.warn("setting config-type using artifact-type");
    config = told;
  }
  if (config === "") config = MEDIA_TYPES.ociEmpty;
  let artifact = told;
  if (artifact === "" && config === MEDIA_TYPES.ociEmpty) {
    log.warn("using default value for artifact-type is not recommended");
    artifact = "application/vnd.unknown.config+json";
  }
  const count = Math.max(1, file.length);
  const single = told === "" ? "application/octet-stream" : told;
  const files = types.length === 0 && count === 1 ? [single] : types;
  if (files.length !== count) {
    throw new UsageError(
      "one artifact media-type must be set for each artifact file",
      "add a --file-media-type for each --file",
    );
  }
  return { artifact: artifact || undefined, config, files };
}
