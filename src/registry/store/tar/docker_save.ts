/**
 * What `docker save` writes, as a layout: its `manifest.json` names configs and
 * layers by path, and a manifest is made of them.
 *
 * See {@link https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format}.
 *
 * @module
 */
import { join } from "node:path";
import zlib from "node:zlib";
import { Readable } from "node:stream";
import { RegError } from "../../../base/errors.ts";
import { collect } from "../../../base/streams.ts";
import type { CallOptions, Descriptor } from "../../core.ts";
import { createHasher, digestOf } from "../../digest.ts";
import { encodeGo, isJsonObject, SHAPES } from "../../go_json.ts";
import {
  type Compression,
  decompress,
  detectCompression,
} from "../../layers/decompress.ts";
import { MANIFEST_LIMIT } from "../../manifest.ts";
import { MEDIA_TYPES } from "../../media_types.ts";
import { FileWriter } from "../layout/file_stream.ts";
import type { TarArchive } from "./archive.ts";

/** Where a blob of the made image is. */
export type BlobPlace =
  | { readonly bytes: Uint8Array }
  | { readonly entry: string }
  | { readonly file: string };

/** An image made from an entry of `manifest.json`. */
export interface DockerImage {
  /** The manifest that was made. */
  readonly root: Descriptor;
  /** The names that the image has, such as `localhost/app:v1`. */
  readonly names: readonly string[];
  /** Where the manifest and the blobs are, by digest. */
  readonly blobs: ReadonlyMap<string, BlobPlace>;
}

/** An entry of `manifest.json`. */
export interface DockerEntry {
  /** The path of the config. */
  readonly config: string;
  /** The names of the image. */
  readonly names: readonly string[];
  /** The paths of the layers. */
  readonly layers: readonly string[];
  /** What upstream's export says of layers, by digest. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads the entries of a `manifest.json`; `undefined` where there is none.
 *
 * @throws {RegError} `invalid`
 */
export async function dockerEntries(
  archive: TarArchive,
): Promise<readonly DockerEntry[] | undefined> {
  const bytes = await readEntry(archive, "manifest.json");
  if (bytes === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw malformed("it is not JSON", cause);
  }
  if (!Array.isArray(json)) throw malformed("it is no list");
  return json.map(parseEntry);
}

function parseEntry(item: unknown, at: number): DockerEntry {
  const fail = (what: string) => malformed(`entry ${at} ${what}`);
  if (!isJsonObject(item)) throw fail("is no object");
  const { Config: config, RepoTags, Layers, LayerSources } = item;
  if (typeof config !== "string") throw fail('has no "Config"');
  const texts = (value: unknown, name: string): string[] => {
    if (value === undefined || value === null) return [];
    const isGood = Array.isArray(value) &&
      value.every((text) => typeof text === "string");
    if (!isGood) throw fail(`has bad "${name}"`);
    return value;
  };
  const sources = isJsonObject(LayerSources) ? LayerSources : {};
  return {
    config,
    names: texts(RepoTags, "RepoTags"),
    layers: texts(Layers, "Layers"),
    sources: new Map(
      Object.entries(sources).flatMap(([digest, node]) =>
        isJsonObject(node) && typeof node["mediaType"] === "string"
          ? [[digest, node["mediaType"]]]
          : []
      ),
    ),
  };
}

/**
 * Makes an image of an entry. Layers that are packed stay as they are; others
 * are packed with gzip into files beside the archive.
 *
 * @throws {RegError} `not_found` for a path that is not in the archive.
 */
export async function dockerImage(
  archive: TarArchive,
  entry: DockerEntry,
  options: CallOptions = {},
): Promise<DockerImage> {
  const blobs = new Map<string, BlobPlace>();
  const config = await readEntry(archive, entry.config);
  if (config === undefined) throw missing(entry.config);
  const configNode: Descriptor = {
    mediaType: MEDIA_TYPES.dockerConfig,
    digest: digestOf(config),
    size: config.length,
  };
  blobs.set(configNode.digest, { bytes: config });
  const layers: Descriptor[] = [];
  for (const path of entry.layers) {
    const { node, place } = await layerOf(archive, entry, path, options);
    blobs.set(node.digest, place);
    layers.push(node);
  }
  const manifest = new TextEncoder().encode(encodeGo({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.dockerManifest,
    config: configNode,
    layers,
  }, SHAPES.dockerManifest));
  const root: Descriptor = {
    mediaType: MEDIA_TYPES.dockerManifest,
    digest: digestOf(manifest),
    size: manifest.length,
  };
  blobs.set(root.digest, { bytes: manifest });
  return { root, names: entry.names, blobs };
}

const LAYER_TYPES: Readonly<Partial<Record<Compression, string>>> = {
  gzip: MEDIA_TYPES.dockerLayerGzip,
  zstd: MEDIA_TYPES.dockerLayerZstd,
};

async function layerOf(
  archive: TarArchive,
  entry: DockerEntry,
  path: string,
  options: CallOptions,
): Promise<{ node: Descriptor; place: BlobPlace }> {
  const start = await archive.open(path, { end: 6 });
  const stream = await archive.open(path);
  if (start === undefined || stream === undefined) throw missing(path);
  const type = LAYER_TYPES[detectCompression(await collect(start, 6))];
  if (type === undefined) {
    const unpacked = await decompress(stream, options);
    return await pack(archive, unpacked.stream, options);
  }
  const hasher = createHasher();
  for await (const chunk of stream) {
    options.signal?.throwIfAborted();
    hasher.update(chunk);
  }
  const digest = hasher.digest();
  const mediaType = entry.sources.get(digest) ?? type;
  const node = { mediaType, digest, size: archive.size(path) ?? 0 };
  return { node, place: { entry: path } };
}

/** Packs a layer into a file. */
async function pack(
  archive: TarArchive,
  stream: ReadableStream<Uint8Array>,
  options: CallOptions,
): Promise<{ node: Descriptor; place: BlobPlace }> {
  const file = join(archive.directory, crypto.randomUUID());
  using out = await Deno.open(file, { write: true, createNew: true });
  const writer = new FileWriter(out, file);
  const hasher = createHasher();
  let size = 0;
  for await (const chunk of Readable.from(stream).pipe(zlib.createGzip())) {
    options.signal?.throwIfAborted();
    hasher.update(chunk);
    size += chunk.length;
    await writer.write(chunk);
  }
  await writer.flush();
  const mediaType = MEDIA_TYPES.dockerLayerGzip;
  const node: Descriptor = { mediaType, digest: hasher.digest(), size };
  return { node, place: { file } };
}

async function readEntry(
  archive: TarArchive,
  path: string,
): Promise<Uint8Array | undefined> {
  const stream = await archive.open(path);
  return stream && await collect(stream, MANIFEST_LIMIT);
}

function missing(path: string): RegError {
  return new RegError(
    "not_found",
    `Cannot read archive: unable to read all files from tar: not found: ${
      JSON.stringify(path)
    }`,
  );
}

function malformed(what: string, cause?: unknown): RegError {
  return new RegError(
    "invalid",
    `Cannot read "manifest.json" in the archive: ${what}`,
    { cause },
  );
}
