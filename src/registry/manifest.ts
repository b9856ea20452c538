/**
 * Manifests: what their bytes say. The bytes themselves are kept as they came.
 *
 * See {@link https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md} and
 * {@link https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md}.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import type { Descriptor, ManifestBytes, Platform } from "./core.ts";
import { digestOf, isDigest } from "./digest.ts";
import {
  baseMediaType,
  isImageType,
  isIndexType,
  isSchema1Type,
  MEDIA_TYPES,
} from "./media_types.ts";

/** The largest manifest that we take, in bytes: upstream's pull limit. */
export const MANIFEST_LIMIT: number = 8 * 1024 * 1024;

/** What every kind of manifest has. */
export interface ManifestCommon {
  /** The media type, from the answer or from the bytes. */
  readonly mediaType: string;
  /** What the artifact is. */
  readonly artifactType?: string;
  /** The manifest that this one refers to. */
  readonly subject?: Descriptor;
  /** Free text by key. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The JSON object as it was parsed, with all its keys. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** An OCI or Docker v2 image, or an artifact in that form. */
export interface ImageManifest extends ManifestCommon {
  /** Which kind it is. */
  readonly kind: "image";
  /** The config blob. */
  readonly config: Descriptor;
  /** The layers, the lowest first. */
  readonly layers: readonly Descriptor[];
}

/** An OCI index or a Docker manifest list. */
export interface IndexManifest extends ManifestCommon {
  /** Which kind it is. */
  readonly kind: "index";
  /** The entries. */
  readonly manifests: readonly Descriptor[];
}

/** An OCI artifact manifest, which the specification dropped before its release. */
export interface ArtifactManifest extends ManifestCommon {
  /** Which kind it is. */
  readonly kind: "artifact";
  /** The blobs. */
  readonly blobs: readonly Descriptor[];
}

/** A Docker schema 1 manifest: read only. */
export interface Schema1Manifest extends ManifestCommon {
  /** Which kind it is. */
  readonly kind: "schema1";
  /** The layers, the highest first; sizes are unknown (-1). */
  readonly layers: readonly Descriptor[];
}

/** A manifest of any kind. */
export type Manifest =
  | ImageManifest
  | IndexManifest
  | ArtifactManifest
  | Schema1Manifest;

/**
 * Reads a manifest's bytes.
 *
 * @param bytes The JSON text.
 * @param mediaType The type that came with the bytes; else the bytes must tell.
 * @throws {RegError} `invalid` for bytes that are no manifest, `mismatch` where
 * the bytes name another media type, `unsupported` for an unknown one.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * const bytes = new TextEncoder().encode(
 *   '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
 * );
 * strictEqual(parseManifest(bytes).kind, "index");
 * ```
 */
export function parseManifest(
  bytes: Uint8Array,
  mediaType: string = "",
): Manifest {
  const json = parseObject(bytes);
  const given = baseMediaType(mediaType);
  const type = typeOf(json, GENERIC_TYPES.has(given) ? "" : given);
  const common = commonOf(json, type);
  if (isIndexType(type)) {
    const manifests = descriptors(json, "manifests");
    return { ...common, kind: "index", manifests };
  }
  if (isImageType(type)) {
    const config = descriptor(json["config"], "config");
    return {
      ...common,
      kind: "image",
      config,
      layers: descriptors(json, "layers"),
    };
  }
  if (type === MEDIA_TYPES.ociArtifact) {
    return { ...common, kind: "artifact", blobs: descriptors(json, "blobs") };
  }
  return { ...common, kind: "schema1", layers: schema1Layers(json) };
}

/** Types that servers send when they do not know better: the bytes decide. */
const GENERIC_TYPES = new Set([
  "application/octet-stream",
  "application/json",
  "text/plain",
]);

/** The blobs and manifests inside a manifest, in order: its children. */
export function childrenOf(manifest: Manifest): readonly Descriptor[] {
  switch (manifest.kind) {
    case "index":
      return manifest.manifests;
    case "image":
      return [manifest.config, ...manifest.layers];
    case "artifact":
      return manifest.blobs;
    case "schema1":
      return manifest.layers;
  }
}

/**
 * Bytes and the descriptor that names them.
 *
 * @param algorithm The algorithm of the digest.
 * @throws {RegError} As {@linkcode parseManifest}.
 */
export function describeManifest(
  bytes: Uint8Array,
  mediaType: string = "",
  algorithm: string = "sha256",
): ManifestBytes {
  const manifest = parseManifest(bytes, mediaType);
  return {
    bytes,
    descriptor: {
      mediaType: manifest.mediaType,
      digest: digestOf(bytes, algorithm),
      size: bytes.length,
    },
  };
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseObject(bytes: Uint8Array): Json {
  if (bytes.length > MANIFEST_LIMIT) {
    throw new RegError(
      "limit",
      `manifest too large, received ${bytes.length}, limit ${MANIFEST_LIMIT}`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new RegError("invalid", "Cannot parse manifest: it is not JSON", {
      cause,
    });
  }
  if (isObject(value)) return value;
  throw new RegError("invalid", "Cannot parse manifest: it is no JSON object");
}

function typeOf(json: Json, given: string): string {
  const inside = typeof json["mediaType"] === "string" ? json["mediaType"] : "";
  if (given !== "" && inside !== "" && given !== inside) {
    throw new RegError(
      "mismatch",
      `manifest contains an unexpected media type: expected ${given}, received ${inside}`,
    );
  }
  const type = given || inside || guessType(json);
  if (
    isImageType(type) || isIndexType(type) || isSchema1Type(type) ||
    type === MEDIA_TYPES.ociArtifact
  ) return type;
  throw new RegError(
    "unsupported",
    `unsupported media type: ${JSON.stringify(type)}`,
  );
}

/** Tells a manifest that does not name its type by its shape, as upstream does. */
function guessType(json: Json): string {
  if (json["schemaVersion"] === 1) {
    return Array.isArray(json["signatures"])
      ? MEDIA_TYPES.dockerV1Signed
      : MEDIA_TYPES.dockerV1;
  }
  const isDocker = (list: unknown[]) =>
    isObject(list[0]) &&
    String(list[0]["mediaType"]).startsWith("application/vnd.docker.");
  const { manifests, layers } = json;
  if (Array.isArray(manifests)) {
    return isDocker(manifests) ? MEDIA_TYPES.dockerList : MEDIA_TYPES.ociIndex;
  }
  if (Array.isArray(layers)) {
    return isDocker(layers)
      ? MEDIA_TYPES.dockerManifest
      : MEDIA_TYPES.ociManifest;
  }
  return isObject(json["config"]) ? MEDIA_TYPES.ociManifest : "";
}

function commonOf(json: Json, mediaType: string): ManifestCommon {
  const { artifactType, subject, annotations } = json;
  return {
    mediaType,
    annotations: strings(annotations),
    json,
    ...(typeof artifactType === "string" && artifactType !== ""
      ? { artifactType }
      : {}),
    ...(isObject(subject) ? { subject: descriptor(subject, "subject") } : {}),
  };
}

function descriptors(json: Json, key: string): Descriptor[] {
  const list = json[key] ?? [];
  if (!Array.isArray(list)) throw malformed(key, "is no list");
  return list.map((item, i) => descriptor(item, `${key}[${i}]`));
}

function descriptor(value: unknown, where: string): Descriptor {
  if (!isObject(value)) throw malformed(where, "is no descriptor");
  const { mediaType, digest, size } = value;
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw malformed(`${where}.digest`, "is no digest");
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw malformed(`${where}.size`, "is no size");
  }
  if (typeof mediaType !== "string") {
    throw malformed(`${where}.mediaType`, "is no text");
  }
  return { mediaType, digest, size, ...optionalFields(value) };
}

function optionalFields(value: Json): Partial<Descriptor> {
  const { urls, annotations, data, platform, artifactType } = value;
  return {
    ...(Array.isArray(urls) ? { urls: texts(urls) } : {}),
    ...(isObject(annotations) ? { annotations: strings(annotations) } : {}),
    ...(typeof data === "string" ? { data } : {}),
    ...(isObject(platform) ? { platform: platformOf(platform) } : {}),
    ...(typeof artifactType === "string" ? { artifactType } : {}),
  };
}

function platformOf(value: Json): Platform {
  const text = (key: string) =>
    typeof value[key] === "string" ? value[key] : "";
  const list = (key: string) => {
    const found = value[key];
    return Array.isArray(found) ? { [key]: texts(found) } : {};
  };
  return {
    architecture: text("architecture"),
    os: text("os"),
    ...(text("os.version") ? { "os.version": text("os.version") } : {}),
    ...list("os.features"),
    ...(text("variant") ? { variant: text("variant") } : {}),
    ...list("features"),
  };
}

function texts(list: readonly unknown[]): string[] {
  return list.filter((item) => typeof item === "string");
}

function strings(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] =>
      typeof entry[1] === "string"
    ),
  );
}

function schema1Layers(json: Json): Descriptor[] {
  const list = json["fsLayers"] ?? [];
  if (!Array.isArray(list)) throw malformed("fsLayers", "is no list");
  return list.map((item, i) => {
    const digest = isObject(item) ? item["blobSum"] : undefined;
    if (typeof digest !== "string" || !isDigest(digest)) {
      throw malformed(`fsLayers[${i}].blobSum`, "is no digest");
    }
    return { mediaType: MEDIA_TYPES.dockerLayerGzip, digest, size: -1 };
  });
}

function malformed(where: string, what: string): RegError {
  return new RegError("invalid", `Cannot parse manifest: "${where}" ${what}`);
}
