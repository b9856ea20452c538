/**
 * Indexes that are made and changed entry by entry.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import { copyGraph } from "./copy.ts";
import type { CopyGraphOptions } from "./copy_options.ts";
import type {
  CallOptions,
  Descriptor,
  ManifestBytes,
  Platform,
  Source,
  Store,
} from "./core.ts";
import { encodeGo, SHAPES } from "./go_json.ts";
import { readBlob } from "./image.ts";
import {
  describeManifest,
  type IndexManifest,
  parseManifest,
} from "./manifest.ts";
import { isConfigType, isIndexType, MEDIA_TYPES } from "./media_types.ts";
import { platformsMatch } from "./platform.ts";
import { Run } from "./run.ts";

/** An image that becomes an entry, or an index whose entries do. */
export interface IndexSource {
  /** Where it is. */
  readonly from: Source;
  /** Its tag or digest. */
  readonly tagOrDigest: string;
}

/** Options for {@linkcode collectEntries}. */
export interface CollectEntriesOptions
  extends
    CallOptions,
    Pick<CopyGraphOptions, "digestTags" | "referrers" | "run" | "onEvent"> {
  /** What is copied to the target, then named. */
  readonly sources?: readonly IndexSource[] | undefined;
  /** Digests that the target has; they come first. */
  readonly digests?: readonly string[] | undefined;
  /** Takes of an index only these, by exact match; one that is missing is left out. */
  readonly platforms?: readonly Platform[] | undefined;
  /** The platform of every entry; the one of its config where left out. */
  readonly platform?: Platform | undefined;
  /** Annotations of every entry. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** Brings images to a repository and describes them as entries of an index there. */
export async function collectEntries(
  to: Store,
  options: CollectEntriesOptions,
): Promise<Descriptor[]> {
  const { sources = [], digests = [], run = new Run() } = options;
  const { platform, annotations = {}, signal } = options;
  const queue: IndexSource[] = digests.map((digest) => ({
    from: to,
    tagOrDigest: digest,
  }));
  for (const source of sources) {
    const { digestTags, referrers, onEvent } = options;
    for (const digest of await wanted(source, options)) {
      const { from } = source;
      await copyGraph(digest, {
        from,
        to,
        run,
        digestTags,
        referrers,
        onEvent,
        signal,
        child: true,
      });
      queue.push({ from, tagOrDigest: digest });
    }
  }
  const entries: Descriptor[] = [];
  for (const item of queue) {
    const found = await item.from.manifest(item.tagOrDigest, { signal });
    // A layout's row has annotations of its own, such as the tag there.
    const { mediaType, digest, size } = found.descriptor;
    const runsOn = platform ??
      await platformOfImage(item.from, found, { signal });
    entries.push({
      mediaType,
      digest,
      size,
      ...(runsOn ? { platform: runsOn } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    });
  }
  return entries;
}

/** The digests to take from a source. */
async function wanted(
  { from, tagOrDigest }: IndexSource,
  options: CollectEntriesOptions,
): Promise<readonly string[]> {
  const { platforms = [], signal } = options;
  const { mediaType, digest } = await from.resolve(tagOrDigest, { signal });
  if (platforms.length === 0 || !isIndexType(mediaType)) return [digest];
  const { bytes } = await from.manifest(digest, { signal });
  const manifest = parseManifest(bytes, mediaType);
  if (manifest.kind !== "index") return [digest];
  return manifest.manifests
    .filter(({ platform }) =>
      platform && platforms.some((one) => platformsMatch(one, platform))
    )
    .map((entry) => entry.digest);
}

/** The largest config that is read for its platform, in bytes. */
const LARGEST_CONFIG = 8 * 1024 * 1024;

/** What an image's config says that it runs on; nothing for all else. */
async function platformOfImage(
  from: Source,
  { bytes, descriptor }: ManifestBytes,
  options: CallOptions,
): Promise<Platform | undefined> {
  const manifest = parseManifest(bytes, descriptor.mediaType);
  if (manifest.kind !== "image" || !isConfigType(manifest.config.mediaType)) {
    return undefined;
  }
  const config = await readBlob(from, manifest.config, {
    ...options,
    limit: LARGEST_CONFIG,
  });
  return platformOfConfig(new TextDecoder().decode(config));
}

function platformOfConfig(text: string): Platform | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null) return undefined;
  const values = new Map<string, unknown>(Object.entries(json));
  const word = (key: string) => {
    const value = values.get(key);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const os = word("os");
  if (os === undefined) return undefined;
  const features = values.get("os.features");
  const version = word("os.version");
  const variant = word("variant");
  return {
    architecture: word("architecture") ?? "",
    os,
    ...(version ? { "os.version": version } : {}),
    ...(Array.isArray(features) && features.length > 0
      ? { "os.features": features.map(String) }
      : {}),
    ...(variant ? { variant } : {}),
  };
}

/** What a new index says of itself. */
export interface NewIndex {
  /** OCI index or Docker manifest list. @default {MEDIA_TYPES.ociIndex} */
  readonly mediaType?: string | undefined;
  /** What the artifact is. Not for Docker. */
  readonly artifactType?: string | undefined;
  /** What it refers to. Not for Docker. */
  readonly subject?: Descriptor | undefined;
  /** Free text by key. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/**
 * Makes an index.
 *
 * @throws {RegError} `unsupported` for a media type that is no index.
 */
export function makeIndex(
  entries: readonly Descriptor[],
  options: NewIndex = {},
): ManifestBytes {
  const { mediaType = MEDIA_TYPES.ociIndex, annotations = {} } = options;
  const { artifactType, subject } = options;
  if (!isIndexType(mediaType)) {
    throw new RegError(
      "unsupported",
      `unsupported manifest media type: ${mediaType}`,
    );
  }
  return encodeIndex(mediaType, {
    schemaVersion: 2,
    mediaType,
    ...(artifactType ? { artifactType } : {}),
    manifests: withoutRepeats(entries),
    ...(subject && mediaType === MEDIA_TYPES.ociIndex ? { subject } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  });
}

/** An index with other entries; keys that we do not know stay. */
export function withEntries(
  index: IndexManifest,
  entries: readonly unknown[],
): ManifestBytes {
  return encodeIndex(index.mediaType, { ...index.json, manifests: entries });
}

/** An index with further entries; what is there already is not repeated. */
export function addEntries(
  index: IndexManifest,
  entries: readonly Descriptor[],
): ManifestBytes {
  const raw = rawEntries(index);
  const fresh = withoutRepeats([...index.manifests, ...entries])
    .filter((entry) => !index.manifests.includes(entry));
  return withEntries(index, [...raw, ...fresh]);
}

/** An index without the entries that a test finds. */
export function removeEntries(
  index: IndexManifest,
  isGone: (entry: Descriptor) => boolean,
): ManifestBytes {
  const raw = rawEntries(index);
  return withEntries(
    index,
    raw.filter((_, at) => {
      const entry = index.manifests[at];
      return entry === undefined || !isGone(entry);
    }),
  );
}

/** The entries as they were written, with the keys that we do not know. */
function rawEntries(index: IndexManifest): readonly unknown[] {
  const raw = index.json["manifests"];
  return Array.isArray(raw) ? raw : [];
}

/** Each entry once, by all that tells two apart. */
function withoutRepeats(entries: readonly Descriptor[]): Descriptor[] {
  const seen = new Set<string>();
  return entries.filter((entry) => {
    const key = encodeGo(entry, SHAPES.descriptor);
    return !seen.has(key) && seen.add(key);
  });
}

function encodeIndex(
  mediaType: string,
  json: Readonly<Record<string, unknown>>,
): ManifestBytes {
  const shape = mediaType === MEDIA_TYPES.dockerList
    ? SHAPES.dockerList
    : SHAPES.ociIndex;
  const bytes = new TextEncoder().encode(encodeGo(json, shape));
  return describeManifest(bytes, mediaType);
}

/**
 * Reads a manifest that must be an index.
 *
 * @throws {RegError} `unsupported` for any other.
 */
export async function readIndex(
  source: Source,
  tagOrDigest: string,
  options: CallOptions = {},
): Promise<IndexManifest> {
  const { bytes, descriptor } = await source.manifest(tagOrDigest, options);
  const manifest = parseManifest(bytes, descriptor.mediaType);
  if (manifest.kind === "index") return manifest;
  throw new RegError(
    "unsupported",
    `current manifest is not an index/manifest list, ${
      JSON.stringify(descriptor.mediaType)
    }: unsupported media type`,
  );
}
