/**
 * Image configs as templates see them: what `regctl image inspect` shows.
 *
 * @module
 */
import {
  BOOL,
  DURATION,
  INT,
  mapOf,
  parseRfc3339,
  pointerTo,
  sliceOf,
  STRING,
  structType,
  TIME,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import { BLOB_COMMON, type BlobSource } from "./blob_common.ts";
import { BYTES, getter, jsonField, readKey, TEXTS } from "./declare.ts";
import { DIGEST } from "./digest.ts";
import { PLATFORM } from "./platform.ts";

const EMPTY_STRUCT = structType("struct {}");
const SET = mapOf(STRING, EMPTY_STRUCT);

/** A time that is read from RFC 3339 text; nil where there is none. */
const CREATED = {
  ...jsonField("Created", pointerTo(TIME), { json: "created,omitempty" }),
  get: (host: unknown) => {
    const text = readKey(host, "created");
    if (typeof text !== "string") return null;
    try {
      return parseRfc3339(text);
    } catch {
      return null; // not a time: shown as none
    }
  },
};

const HEALTH = structType("v1.HealthConfig", {
  fields: () => [
    jsonField("Test", TEXTS, { json: ",omitempty" }),
    jsonField("Interval", DURATION, { json: ",omitempty" }),
    jsonField("Timeout", DURATION, { json: ",omitempty" }),
    jsonField("StartPeriod", DURATION, { json: ",omitempty" }),
    jsonField("Retries", INT, { json: ",omitempty" }),
  ],
});

const IMAGE_CONFIG = structType("v1.ImageConfig", {
  fields: () => [
    jsonField("User", STRING, { json: "User,omitempty" }),
    jsonField("ExposedPorts", SET, { json: "ExposedPorts,omitempty" }),
    jsonField("Env", TEXTS, { json: "Env,omitempty" }),
    jsonField("Entrypoint", TEXTS, { json: "Entrypoint,omitempty" }),
    jsonField("Cmd", TEXTS, { json: "Cmd,omitempty" }),
    jsonField("Volumes", SET, { json: "Volumes,omitempty" }),
    jsonField("WorkingDir", STRING, { json: "WorkingDir,omitempty" }),
    jsonField("Labels", mapOf(STRING, STRING), { json: "Labels,omitempty" }),
    jsonField("StopSignal", STRING, { json: "StopSignal,omitempty" }),
    jsonField("StopTimeout", pointerTo(INT), { json: ",omitempty" }),
    jsonField("ArgsEscaped", BOOL, { json: "ArgsEscaped,omitempty" }),
    jsonField("Healthcheck", pointerTo(HEALTH), {
      json: "Healthcheck,omitempty",
    }),
    jsonField("OnBuild", TEXTS, { json: "OnBuild,omitempty" }),
    jsonField("Shell", TEXTS, { json: "Shell,omitempty" }),
  ],
});

const ROOT_FS = structType("v1.RootFS", {
  fields: () => [
    jsonField("Type", STRING, { json: "type" }),
    jsonField("DiffIDs", sliceOf(DIGEST), { json: "diff_ids" }),
  ],
});

const HISTORY = structType("v1.History", {
  fields: () => [
    CREATED,
    jsonField("CreatedBy", STRING, { json: "created_by,omitempty" }),
    jsonField("Author", STRING, { json: "author,omitempty" }),
    jsonField("Comment", STRING, { json: "comment,omitempty" }),
    jsonField("EmptyLayer", BOOL, { json: "empty_layer,omitempty" }),
  ],
});

/** `v1.Image`; its data is the config's JSON object. */
export const IMAGE: Type = structType("v1.Image", {
  fields: () => [
    CREATED,
    jsonField("Author", STRING, { json: "author,omitempty" }),
    {
      name: "Platform",
      type: PLATFORM,
      embedded: true,
      get: (host) => host,
    },
    jsonField("Config", IMAGE_CONFIG, { json: "config,omitzero" }),
    jsonField("RootFS", ROOT_FS, { json: "rootfs" }),
    jsonField("History", sliceOf(HISTORY), { json: "history,omitempty" }),
  ],
});

interface Host {
  readonly source: BlobSource;
  readonly json: unknown;
}

const bytesOf = (host: unknown) => readKey(readKey(host, "source"), "bytes");

/** `blob.BOCIConfig`. */
export const OCI_CONFIG: Type = structType("blob.BOCIConfig", {
  fields: () => [
    {
      name: "BCommon",
      type: BLOB_COMMON,
      embedded: true,
      get: (host) => readKey(host, "source"),
    },
    { name: "rawBody", type: BYTES, unexported: true, get: bytesOf },
    {
      name: "image",
      type: IMAGE,
      unexported: true,
      get: (host) => readKey(host, "json"),
    },
  ],
  methods: () => [
    getter("GetConfig", IMAGE, {
      pointer: true,
      read: ({ data }) => readKey(data, "json"),
    }),
    getter("RawBody", BYTES, {
      pointer: true,
      fails: true,
      read: ({ data }) => bytesOf(data),
    }),
    getter("MarshalJSON", BYTES, {
      pointer: true,
      fails: true,
      read: ({ data }) => bytesOf(data),
    }),
  ],
});

const INSPECT = structType("struct { *blob.BOCIConfig; v1.Image }", {
  fields: () => [
    {
      name: "BOCIConfig",
      type: pointerTo(OCI_CONFIG),
      embedded: true,
      get: (host) => host,
    },
    {
      name: "Image",
      type: IMAGE,
      embedded: true,
      get: (host) => readKey(host, "json"),
    },
  ],
});

/** An image's config as templates see it. */
export function imageView(source: BlobSource & { bytes: Uint8Array }): Value {
  const json: unknown = JSON.parse(new TextDecoder().decode(source.bytes));
  const host: Host = { source, json };
  return wrap(INSPECT, host);
}
