/**
 * An image as a tree that modifications change: manifests, configs, layers.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { CallOptions, Descriptor, Platform, Source } from "../core.ts";
import { can } from "../core.ts";
import { algorithmOf, digestOf } from "../digest.ts";
import {
  encodeGo,
  isJsonObject,
  type JsonObject,
  parseJson,
  SHAPES,
} from "../go_json.ts";
import { readBlob } from "../image.ts";
import { childrenOf, type Manifest, parseManifest } from "../manifest.ts";
import {
  isConfigType,
  isIndexType,
  isManifestType,
  MEDIA_TYPES,
} from "../media_types.ts";

/** What became of a part of the tree. */
export type Fate = "kept" | "added" | "replaced" | "deleted";

/** A manifest of the tree, and all below it. */
export interface ManifestNode {
  /** Whether it is the manifest that was asked for. */
  readonly isTop: boolean;
  /** What named it before. */
  readonly original: Descriptor;
  /** What became of it. */
  fate: Fate;
  /** Its media type now. */
  mediaType: string;
  /** The algorithm of its digest now. */
  algorithm: string;
  /** What it says, with all its keys. */
  json: JsonObject;
  /** Its bytes; not those of `json` before {@linkcode changeManifest} was called. */
  bytes: Uint8Array;
  /** Its config, where that is an image's. */
  readonly config?: ConfigNode | undefined;
  /** Its layers, the lowest first. */
  layers: LayerNode[];
  /** The manifests that it lists. */
  readonly children: ManifestNode[];
  /** The manifests whose subject it is. */
  readonly referrers: ManifestNode[];
}

/** The config of an image. */
export interface ConfigNode {
  /** What named it before. */
  readonly original: Descriptor;
  /** Whether it differs from what is stored. */
  isChanged: boolean;
  /** The algorithm of its digest now. */
  algorithm: string;
  /** What it says, with all its keys. */
  json: JsonObject;
  /** Its bytes. */
  bytes: Uint8Array;
}

/** A layer of an image. */
export interface LayerNode {
  /** What became of it. */
  fate: Fate;
  /** The bytes to begin with. */
  readonly original: Descriptor;
  /** Where those are. */
  readonly from: Source;
  /** Its entry in the manifest, with all its keys. */
  entry: JsonObject;
  /** The digest of its bytes unpacked, where that is new. */
  diffId?: string | undefined;
}

/** The largest config that is taken into memory, in bytes. */
const CONFIG_LIMIT = 8 * 1024 * 1024;

/** The deepest nesting of indexes and referrers. */
const DEPTH = 100;

/**
 * Loads an image with its configs and referrers; layers stay where they are.
 *
 * @throws {RegError} `not_found`, also for an index of which something is missing.
 */
export async function loadTree(
  from: Source,
  tagOrDigest: string,
  options: CallOptions = {},
): Promise<ManifestNode> {
  return await load(from, tagOrDigest, 0, options);
}

async function load(
  from: Source,
  tagOrDigest: string,
  depth: number,
  options: CallOptions,
): Promise<ManifestNode> {
  if (depth > DEPTH) {
    throw new RegError("limit", `Manifests are nested deeper than ${DEPTH}`);
  }
  const { descriptor, bytes } = await from.manifest(tagOrDigest, options);
  const manifest = parseManifest(bytes, descriptor.mediaType);
  const node: ManifestNode = {
    isTop: depth === 0,
    original: descriptor,
    fate: "kept",
    mediaType: manifest.mediaType,
    algorithm: algorithmOf(descriptor.digest),
    json: parseObject(bytes),
    bytes,
    config: await loadConfig(from, manifest, options),
    layers: layersOf(from, manifest, bytes),
    children: [],
    referrers: [],
  };
  if (manifest.kind === "index") {
    for (const child of childrenOf(manifest)) {
      node.children.push(await load(from, child.digest, depth + 1, options));
    }
  }
  if (can(from, "referrers")) {
    const { descriptors } = await from.referrers(descriptor, options);
    for (const { digest } of descriptors) {
      node.referrers.push(await load(from, digest, depth + 1, options));
    }
  }
  return node;
}

async function loadConfig(
  from: Source,
  manifest: Manifest,
  options: CallOptions,
): Promise<ConfigNode | undefined> {
  if (manifest.kind !== "image" || !isConfigType(manifest.config.mediaType)) {
    return undefined;
  }
  const { config } = manifest;
  const bytes = await readBlob(from, config, {
    limit: CONFIG_LIMIT,
    ...options,
  });
  const algorithm = algorithmOf(config.digest);
  const json = parseObject(bytes);
  return { original: config, isChanged: false, algorithm, json, bytes };
}

function layersOf(
  from: Source,
  manifest: Manifest,
  bytes: Uint8Array,
): LayerNode[] {
  if (manifest.kind !== "image") return [];
  const entries = objectsIn(parseObject(bytes), "layers");
  return manifest.layers.map((original, at) => ({
    fate: "kept",
    original,
    from,
    entry: entries[at] ?? {},
  }));
}

function parseObject(bytes: Uint8Array): JsonObject {
  const json = parseJson(new TextDecoder().decode(bytes));
  if (isJsonObject(json)) return json;
  throw new RegError("invalid", "Cannot modify image: it holds no JSON object");
}

/** The objects in a list; none where there is no list. */
export function objectsIn(json: JsonObject, key: string): JsonObject[] {
  const list = json[key];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** An object under a key; an empty one where there is none. */
export function objectIn(json: JsonObject, key: string): JsonObject {
  const value = json[key];
  return isJsonObject(value) ? value : {};
}

/** The texts in a list; none where there is no list. */
export function textsIn(json: JsonObject, key: string): string[] {
  const list = json[key];
  return Array.isArray(list)
    ? list.filter((item) => typeof item === "string")
    : [];
}

/** A text under a key; empty where there is none. */
export function textIn(json: JsonObject, key: string): string {
  const value = json[key];
  return typeof value === "string" ? value : "";
}

/** The object with some keys changed; `undefined` removes one. */
export function withKeys(json: JsonObject, changes: JsonObject): JsonObject {
  const all = Object.entries({ ...json, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

/** The object without one key. */
export function withoutKey(json: JsonObject, key: string): JsonObject {
  return Object.fromEntries(
    Object.entries(json).filter(([name]) => name !== key),
  );
}

/** Tells whether a node lists manifests. */
export function isIndexNode(node: ManifestNode): boolean {
  return isIndexType(node.mediaType);
}

/** The shapes by media type: the order of the keys. */
const SHAPE_OF: Readonly<Record<string, keyof typeof SHAPES>> = {
  [MEDIA_TYPES.ociManifest]: "ociManifest",
  [MEDIA_TYPES.ociIndex]: "ociIndex",
  [MEDIA_TYPES.ociArtifact]: "ociArtifact",
  [MEDIA_TYPES.dockerManifest]: "dockerManifest",
  [MEDIA_TYPES.dockerList]: "dockerList",
};

/**
 * Changes what a manifest says.
 *
 * @throws {RegError} `unsupported` for Docker schema 1, which is signed.
 */
export function changeManifest(node: ManifestNode, json: JsonObject): void {
  const shape = SHAPE_OF[node.mediaType];
  if (shape === undefined) {
    throw new RegError(
      "unsupported",
      `Cannot modify manifest: unsupported media type: ${
        JSON.stringify(node.mediaType)
      }`,
    );
  }
  node.json = json;
  node.bytes = new TextEncoder().encode(encodeGo(json, SHAPES[shape]));
  if (node.fate === "kept") node.fate = "replaced";
}

/** Changes what a config says. */
export function changeConfig(config: ConfigNode, json: JsonObject): void {
  config.json = json;
  config.bytes = new TextEncoder().encode(encodeGo(json, SHAPES.imageConfig));
  config.isChanged = true;
}

/** What names a manifest now. */
export function descriptorOf(node: ManifestNode): Descriptor {
  return {
    mediaType: node.mediaType,
    digest: digestOf(node.bytes, node.algorithm),
    size: node.bytes.length,
  };
}

/** What an image's config says that it runs on. */
export function platformOfConfig(config: ConfigNode): Platform {
  const { json } = config;
  const version = textIn(json, "os.version");
  const features = textsIn(json, "os.features");
  const variant = textIn(json, "variant");
  return {
    architecture: textIn(json, "architecture"),
    os: textIn(json, "os"),
    ...(version === "" ? {} : { "os.version": version }),
    ...(features.length === 0 ? {} : { "os.features": features }),
    ...(variant === "" ? {} : { variant }),
  };
}

/** Calls work for a manifest and those it lists, children first; not for the deleted. */
export async function walk(
  node: ManifestNode,
  work: (node: ManifestNode) => Promise<void> | void,
): Promise<void> {
  for (const child of node.children) await walk(child, work);
  if (node.fate !== "deleted") await work(node);
}

/** Tells whether a descriptor's type is that of a manifest. */
export function isManifestEntry(entry: JsonObject): boolean {
  return isManifestType(textIn(entry, "mediaType"));
}
