/**
 * The structures that scripts see: each field under its name in Go and under its
 * name in JSON, as upstream's scripts use both.
 *
 * @module
 */

/** The kind of a value. */
export type Shape =
  | "text"
  | "number"
  | "bool"
  /** RFC 3339 in JSON, as Go prints a time in Lua. */
  | "time"
  /** Base64 in JSON, a list of numbers in Lua. */
  | "bytes"
  /** Whatever JSON has. */
  | "any"
  | { readonly list: Shape }
  | { readonly map: Shape }
  | Struct;

/** A structure. */
export interface Struct {
  /** The fields in Go's order. */
  readonly struct: readonly Field[];
}

/** A field. */
export interface Field {
  /** Its name in JSON. */
  readonly json: string;
  /** Its name in Go. */
  readonly go: string;
  /** What is in it. */
  readonly shape: Shape;
  /** Whether it is nil where JSON has none; else it is empty or zero. */
  readonly optional: boolean;
}

type Row = readonly [json: string, go: string, shape?: Shape, absent?: "nil"];

function struct(...rows: readonly Row[]): Struct {
  return {
    struct: rows.map(([json, go, shape = "text", absent]) => ({
      json,
      go,
      shape,
      optional: absent === "nil",
    })),
  };
}

const TEXTS: Shape = { list: "text" };
const STRINGS: Shape = { map: "text" };

/** A platform. */
export const PLATFORM: Struct = struct(
  ["architecture", "Architecture"],
  ["os", "OS"],
  ["os.version", "OSVersion"],
  ["os.features", "OSFeatures", TEXTS],
  ["variant", "Variant"],
  ["features", "Features", TEXTS],
);

/** A descriptor. */
export const DESCRIPTOR: Struct = struct(
  ["mediaType", "MediaType"],
  ["digest", "Digest"],
  ["size", "Size", "number"],
  ["urls", "URLs", TEXTS],
  ["annotations", "Annotations", STRINGS],
  ["data", "Data", "bytes"],
  ["platform", "Platform", PLATFORM, "nil"],
  ["artifactType", "ArtifactType"],
);

const DESCRIPTORS: Shape = { list: DESCRIPTOR };
const VERSION: Row = ["schemaVersion", "SchemaVersion", "number"];
const MEDIA_TYPE: Row = ["mediaType", "MediaType"];
const SUBJECT: Row = ["subject", "Subject", DESCRIPTOR, "nil"];
const ANNOTATIONS: Row = ["annotations", "Annotations", STRINGS];
const ARTIFACT_TYPE: Row = ["artifactType", "ArtifactType"];

/** An image manifest. */
export const IMAGE: Struct = struct(
  VERSION,
  MEDIA_TYPE,
  ARTIFACT_TYPE,
  ["config", "Config", DESCRIPTOR],
  ["layers", "Layers", DESCRIPTORS],
  SUBJECT,
  ANNOTATIONS,
);

/** An index. */
export const INDEX: Struct = struct(
  VERSION,
  MEDIA_TYPE,
  ARTIFACT_TYPE,
  ["manifests", "Manifests", DESCRIPTORS],
  SUBJECT,
  ANNOTATIONS,
);

/** The artifact manifest that OCI withdrew. */
export const ARTIFACT: Struct = struct(
  MEDIA_TYPE,
  ARTIFACT_TYPE,
  ["blobs", "Blobs", DESCRIPTORS],
  SUBJECT,
  ANNOTATIONS,
);

/** Docker's first manifest. */
export const SCHEMA1: Struct = struct(
  VERSION,
  ["name", "Name"],
  ["tag", "Tag"],
  ["architecture", "Architecture"],
  ["fsLayers", "FSLayers", { list: struct(["blobSum", "BlobSum"]) }],
  [
    "history",
    "History",
    { list: struct(["v1Compatibility", "V1Compatibility"]) },
  ],
);

/** What of an image's config is about its containers. */
const CONTAINER: Struct = struct(
  ["User", "User"],
  ["ExposedPorts", "ExposedPorts", { map: "any" }],
  ["Env", "Env", TEXTS],
  ["Entrypoint", "Entrypoint", TEXTS],
  ["Cmd", "Cmd", TEXTS],
  ["Volumes", "Volumes", { map: "any" }],
  ["WorkingDir", "WorkingDir"],
  ["Labels", "Labels", STRINGS],
  ["StopSignal", "StopSignal"],
  ["StopTimeout", "StopTimeout", "number", "nil"],
  ["ArgsEscaped", "ArgsEscaped", "bool"],
  [
    "Healthcheck",
    "Healthcheck",
    struct(
      ["Test", "Test", TEXTS],
      ["Interval", "Interval", "number"],
      ["Timeout", "Timeout", "number"],
      ["StartPeriod", "StartPeriod", "number"],
      ["Retries", "Retries", "number"],
    ),
    "nil",
  ],
  ["OnBuild", "OnBuild", TEXTS],
  ["Shell", "Shell", TEXTS],
);

const HISTORY: Struct = struct(
  ["created", "Created", "time", "nil"],
  ["created_by", "CreatedBy"],
  ["author", "Author"],
  ["comment", "Comment"],
  ["empty_layer", "EmptyLayer", "bool"],
);

/** An image's config; Go embeds the platform, whose fields are in JSON beside it. */
export const CONFIG: Struct = struct(
  ["created", "Created", "time", "nil"],
  ["author", "Author"],
  ["config", "Config", CONTAINER],
  [
    "rootfs",
    "RootFS",
    struct(["type", "Type"], ["diff_ids", "DiffIDs", TEXTS]),
  ],
  ["history", "History", { list: HISTORY }],
);
