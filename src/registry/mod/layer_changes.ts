/**
 * Modifications of layers: which there are, and what is in them.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { Platform, Source } from "../core.ts";
import { createHasher } from "../digest.ts";
import type { JsonObject } from "../go_json.ts";
import { compress, type Packing } from "../layers/compress.ts";
import { spool, type Spooled } from "../layers/spool.ts";
import { childrenOf, parseManifest } from "../manifest.ts";
import { MEDIA_TYPES as M } from "../media_types.ts";
import { tagOrDigest } from "../reference.ts";
import { TYPE } from "../tar/header.ts";
import { readTar } from "../tar/reader.ts";
import { type NewEntry, type NewHeader, writeTar } from "../tar/writer.ts";
import { compileExpression } from "./expression.ts";
import {
  type FileResult,
  isForConfig,
  type ModContext,
  type Modification,
} from "./modification.ts";
import { type TimeOptions, TimeSetting } from "./times.ts";
import {
  isIndexNode,
  type LayerNode,
  type ManifestNode,
  objectsIn,
  textIn,
} from "./tree.ts";

/** Options for {@linkcode addLayer}. */
export interface AddLayerOptions {
  /** The layer's media type. @default {gzip, of the image's family} */
  readonly mediaType?: string | undefined;
  /** The images that get it; all where left out. */
  readonly platforms?: readonly Platform[] | undefined;
}

const PACKINGS: ReadonlyMap<string, Packing> = new Map<string, Packing>([
  [M.ociLayer, "none"],
  [M.dockerLayer, "none"],
  [M.ociLayerGzip, "gzip"],
  [M.dockerLayerGzip, "gzip"],
  [M.ociLayerZstd, "zstd"],
  [M.dockerLayerZstd, "zstd"],
]);

/**
 * Adds a layer on top.
 *
 * @param open Gives the tar, unpacked.
 * @throws {RegError} `unsupported` for a media type that we cannot write.
 */
export function addLayer(
  open: () => AsyncIterable<Uint8Array>,
  options: AddLayerOptions = {},
): Modification {
  const { platforms = [] } = options;
  let mediaType = options.mediaType ?? "";
  const made = new Map<string, { entry: JsonObject; diffId: string }>();
  const make = async (algorithm: string, context: ModContext) => {
    const { signal, temporary, to } = context;
    const hasher = createHasher(algorithm);
    const packed = compress(hashed(open(), hasher), packingOf(mediaType));
    await using file = await spool(packed, { algorithm, signal, temporary });
    const { digest, size, body } = file;
    await to.push({ mediaType, digest, size }, body, { signal });
    return { entry: { mediaType, digest, size }, diffId: hasher.digest() };
  };
  return {
    prepare(top) {
      const isDocker = top.mediaType === M.dockerManifest ||
        top.mediaType === M.dockerList;
      mediaType ||= isDocker ? M.dockerLayerGzip : M.ociLayerGzip;
      packingOf(mediaType);
    },
    async manifest(node, context) {
      if (isIndexNode(node) || !isForConfig(platforms, node.config)) return;
      const layer = made.get(node.algorithm) ??
        await make(node.algorithm, context);
      made.set(node.algorithm, layer);
      node.layers = [...node.layers, addedLayer(layer, context)];
    },
  };
}

function addedLayer(
  layer: { readonly entry: JsonObject; readonly diffId: string },
  { to }: ModContext,
): LayerNode {
  const { entry, diffId } = layer;
  const digest = textIn(entry, "digest");
  const [algorithm = "", hash = ""] = digest.split(":");
  return {
    fate: "added",
    original: {
      mediaType: textIn(entry, "mediaType"),
      digest: `${algorithm}:${hash}`,
      size: Number(entry["size"]),
    },
    from: to,
    entry,
    diffId,
  };
}

function packingOf(mediaType: string): Packing {
  const packing = PACKINGS.get(mediaType);
  if (packing !== undefined) return packing;
  throw new RegError(
    "unsupported",
    `unsupported new layer media type ${mediaType}: unsupported media type`,
  );
}

async function* hashed(
  stream: AsyncIterable<Uint8Array>,
  hasher: { update(bytes: Uint8Array): void },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    hasher.update(chunk);
    yield chunk;
  }
}

/**
 * Packs layers anew.
 *
 * @throws {RegError} `unsupported` for `xz` and `bzip2`.
 */
export function compressLayers(
  compression: "gzip" | "zstd" | "none" | "xz" | "bzip2",
): Modification {
  if (compression === "xz" || compression === "bzip2") {
    throw new RegError(
      "unsupported",
      `unsupported layer compression: ${compression}`,
    );
  }
  return { compression };
}

/** Gives layers digests of another algorithm. */
export function changeLayerAlgorithm(layerAlgorithm: string): Modification {
  return { layerAlgorithm };
}

/**
 * Removes the layers whose history matches.
 *
 * @param expression A regular expression of RE2.
 */
export function removeLayersCreatedBy(expression: string): Modification {
  const pattern = compileExpression(expression);
  return {
    manifest(node) {
      if (isIndexNode(node) || node.config === undefined) return;
      if (node.layers.length === 0) {
        throw new RegError("not_found", "no layers found");
      }
      const doomed = objectsIn(node.config.json, "history")
        .filter((row) => row["empty_layer"] !== true)
        .map((row) => pattern.matcher(textIn(row, "created_by")).find());
      if (!doomed.includes(true)) {
        throw new RegError(
          "not_found",
          `no layers match expression: ${expression}`,
        );
      }
      const own = node.layers.filter((layer) => layer.fate !== "added");
      if (doomed.lastIndexOf(true) >= own.length) {
        throw new RegError("invalid", "layers missing");
      }
      for (const [at, layer] of own.entries()) {
        if (doomed[at]) layer.fate = "deleted";
      }
    },
  };
}

/** Removes one layer of an image that is no index; 0 is the lowest. */
export function removeLayer(index: number): Modification {
  return {
    manifest(node) {
      if (!node.isTop || isIndexNode(node) || node.config === undefined) {
        throw new RegError(
          "unsupported",
          "remove layer by index requires v2 image manifest",
        );
      }
      const own = node.layers.filter((layer) => layer.fate !== "added");
      const layer = own[index];
      if (layer === undefined) {
        throw new RegError(
          "not_found",
          own.length === 0 ? "no layers found" : "layer not found",
        );
      }
      layer.fate = "deleted";
    },
  };
}

function same(entry: NewEntry): FileResult {
  return { entry, isChanged: false };
}

function changed(entry: NewEntry, header: Partial<NewHeader>): FileResult {
  return {
    entry: { ...entry, header: { ...entry.header, ...header } },
    isChanged: true,
  };
}

/** Removes a file, or a directory with all in it, from all layers. */
export function stripFile(path: string): Modification {
  const wanted = path.replaceAll("\\", "/").replace(/^\/+|\/+$/g, "");
  return {
    file: () => (entry) => {
      const name = entry.header.name.replace(/^\//, "");
      const isIt = name === wanted || name.startsWith(`${wanted}/`);
      return isIt ? "deleted" : same(entry);
    },
  };
}

/** Removes the names of users and groups from all layers; numbers stay. */
export function makeReproducible(): Modification {
  return {
    file: () => (entry) => {
      const { uname = "", gname = "" } = entry.header;
      if (uname === "" && gname === "") return same(entry);
      return changed(entry, { uname: "", gname: "" });
    },
  };
}

/** Sets the times of the files in layers. */
export function changeLayerTimes(options: TimeOptions): Modification {
  const setting = new TimeSetting(options, "WithLayerTimestamp");
  return ownLayers(options, setting, (entry) => withTimes(entry, setting));
}

/**
 * Sets the times of the files in a tar that is a file in a layer.
 *
 * @param name The tar's name in the layer.
 */
export function changeFileTarTimes(
  name: string,
  options: TimeOptions,
): Modification {
  const setting = new TimeSetting(options, "WithFileTarTime");
  const wanted = name.replace(/^\//, "");
  return ownLayers(
    options,
    setting,
    (entry, context) =>
      entry.header.name === wanted
        ? rewriteTar(entry, setting, context)
        : same(entry),
  );
}

/** A step for the files of the layers that do not come from the base image. */
function ownLayers(
  options: TimeOptions,
  setting: TimeSetting,
  step: (
    entry: NewEntry,
    context: ModContext,
  ) => Promise<FileResult> | FileResult,
): Modification {
  const base = new Set<string>();
  return {
    async prepare(top, context) {
      noteLowest(top, options.baseLayers ?? 0, base);
      const { baseRef } = options;
      if (baseRef === undefined) return;
      const source = await context.open(baseRef);
      await noteAll(source, tagOrDigest(baseRef), base, context);
    },
    // Labels are read before layers are looked at.
    ...(options.fromLabel ? { config: (config) => setting.learn(config) } : {}),
    file: (context) => (entry, layer) =>
      base.has(layer.original.digest) ? same(entry) : step(entry, context),
  };
}

/** Notes the digests of the lowest layers of each image. */
function noteLowest(
  node: ManifestNode,
  count: number,
  digests: Set<string>,
): void {
  for (const layer of node.layers.slice(0, count)) {
    digests.add(layer.original.digest);
  }
  for (const child of node.children) noteLowest(child, count, digests);
}

/** Notes the digests of all layers of an image, on all platforms. */
async function noteAll(
  source: Source,
  tagOrDigest: string,
  digests: Set<string>,
  context: ModContext,
): Promise<void> {
  const { signal } = context;
  const { bytes, descriptor } = await source.manifest(tagOrDigest, { signal });
  const manifest = parseManifest(bytes, descriptor.mediaType);
  for (const child of childrenOf(manifest)) {
    if (manifest.kind === "index") {
      await noteAll(source, child.digest, digests, context);
    } else digests.add(child.digest);
  }
}

function withTimes(entry: NewEntry, setting: TimeSetting): FileResult {
  const { type, mtime = 0n, atime, ctime } = entry.header;
  // What is said of all entries that follow has no times.
  if (type === TYPE.paxGlobal) return same(entry);
  const change = (time: bigint | undefined) =>
    time === undefined ? time : setting.change(time)?.nanoseconds ?? time;
  const times = {
    mtime: change(mtime) ?? mtime,
    atime: change(atime),
    ctime: change(ctime),
  };
  const isSame = times.mtime === mtime && times.atime === atime &&
    times.ctime === ctime;
  return isSame ? same(entry) : changed(entry, times);
}

/** Rewrites a tar that is a file of a layer. */
async function rewriteTar(
  entry: NewEntry,
  setting: TimeSetting,
  context: ModContext,
): Promise<FileResult> {
  const original = await spool(toAsync(entry.body ?? []), context);
  let isChanged = false;
  const inner = async function* (): AsyncGenerator<NewEntry> {
    for await (const { header, body } of readTar(await original.body())) {
      const result = withTimes({ header, body: body() }, setting);
      if (result === "deleted") continue;
      isChanged ||= result.isChanged;
      yield result.entry;
    }
  };
  try {
    const rewritten = await spool(writeTar(inner()), context);
    const [kept, other] = isChanged
      ? [rewritten, original]
      : [original, rewritten];
    await other[Symbol.asyncDispose]();
    const header = { ...entry.header, size: kept.size };
    return { entry: { header, body: onceFrom(kept) }, isChanged };
  } catch (error) {
    await original[Symbol.asyncDispose]();
    throw error;
  }
}

/** Gives the bytes of a temporary file, once, and removes it. */
async function* onceFrom(file: Spooled): AsyncGenerator<Uint8Array> {
  try {
    yield* await file.body();
  } finally {
    await file[Symbol.asyncDispose]();
  }
}

async function* toAsync<T>(
  items: Iterable<T> | AsyncIterable<T>,
): AsyncGenerator<T> {
  yield* items;
}
