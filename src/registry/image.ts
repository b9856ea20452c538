/**
 * Images as people think of them: one platform, one config.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import { collect } from "../base/streams.ts";
import type {
  CallOptions,
  Descriptor,
  ManifestBytes,
  OpenOptions,
  Platform,
  Source,
} from "./core.ts";
import { parseManifest } from "./manifest.ts";
import { isIndexType } from "./media_types.ts";
import { localPlatform, selectPlatform } from "./platform.ts";

/** The largest blob that is read into memory, in bytes: a config, a small artifact. */
export const BLOB_IN_MEMORY: number = 64 * 1024 * 1024;

/** The deepest nesting of indexes that is followed. */
const DEPTH = 100;

/** Options for {@linkcode resolveImage}. */
export interface ResolveImageOptions extends CallOptions {
  /** What the image must run on. @default {localPlatform()} */
  readonly platform?: Platform | undefined;
}

/**
 * Reads a manifest; of an index, nested ones too, the one for a platform. What
 * is no index is taken as it is, whatever its platform.
 *
 * @throws {RegError} `not_found` where no entry runs on the platform.
 */
export async function resolveImage(
  source: Source,
  tagOrDigest: string,
  options: ResolveImageOptions = {},
): Promise<ManifestBytes> {
  const { signal, platform = localPlatform() } = options;
  let name = tagOrDigest;
  for (let depth = 0; depth <= DEPTH; depth++) {
    const found = await source.manifest(name, { signal });
    if (!isIndexType(found.descriptor.mediaType)) return found;
    const manifest = parseManifest(found.bytes, found.descriptor.mediaType);
    if (manifest.kind !== "index") return found;
    name = selectPlatform(manifest.manifests, platform).digest;
  }
  throw new RegError("limit", `Indexes are nested deeper than ${DEPTH}`);
}

/** Options for {@linkcode readBlob}. */
export interface ReadBlobOptions
  extends CallOptions, Pick<OpenOptions, "onHeaders"> {
  /** The most bytes to accept. @default {BLOB_IN_MEMORY} */
  readonly limit?: number | undefined;
}

/**
 * Reads a blob into memory, verified.
 *
 * @throws {RegError} `limit` where it is larger than allowed, `not_found`,
 * `mismatch`.
 */
export async function readBlob(
  source: Source,
  node: Descriptor,
  options: ReadBlobOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { limit = BLOB_IN_MEMORY, ...open } = options;
  if (node.size > limit) {
    throw new RegError(
      "limit",
      `Blob ${node.digest} is too large, size ${node.size}, limit ${limit}`,
    );
  }
  return await collect(await source.open(node, open), limit);
}
