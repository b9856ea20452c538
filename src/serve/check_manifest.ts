/**
 * What a registry makes sure of before it takes a manifest.
 *
 * @module
 */
import { isRegError, messageOf } from "../base/errors.ts";
import type { Descriptor } from "../registry/core.ts";
import {
  childrenOf,
  type Manifest,
  parseManifest,
} from "../registry/manifest.ts";
import { isManifestType } from "../registry/media_types.ts";
import { ApiError, type ApiErrorEntry } from "./api_error.ts";
import type { Repository } from "./storage.ts";

/** Options for {@linkcode checkManifest}. */
export interface CheckManifestOptions {
  /** The media type that came with the bytes. */
  readonly mediaType: string;
  /** Takes manifests whose children are not there. */
  readonly sparse: boolean;
}

/**
 * Reads a manifest, and makes sure that it is one and that its children are in
 * the repository. Its subject may be missing.
 *
 * @throws {ApiError} `MANIFEST_INVALID`, `MANIFEST_BLOB_UNKNOWN`
 */
export async function checkManifest(
  bytes: Uint8Array,
  repository: Repository,
  options: CheckManifestOptions,
): Promise<Manifest> {
  const manifest = parse(bytes, options.mediaType);
  checkShape(manifest);
  const problems: ApiErrorEntry[] = [];
  for (const child of unique(childrenOf(manifest))) {
    const problem = await checkChild(repository, child, options.sparse);
    if (problem) problems.push(problem);
  }
  const [first, ...more] = problems;
  if (!first) return manifest;
  throw new ApiError(first.code, first.message, { detail: first.detail, more });
}

function parse(bytes: Uint8Array, mediaType: string): Manifest {
  try {
    return parseManifest(bytes, mediaType);
  } catch (cause) {
    if (!isRegError(cause)) throw cause;
    throw new ApiError("MANIFEST_INVALID", messageOf(cause), { cause });
  }
}

/** The keys that each kind must have, and those that would make it two kinds at once. */
const SHAPES = {
  image: {
    needs: ["config", "layers"],
    // One document that two clients read differently: CVE-2021-41190.
    refuses: ["manifests", "fsLayers"],
  },
  index: {
    needs: ["manifests"],
    refuses: ["config", "layers", "fsLayers"],
  },
  artifact: { needs: [], refuses: ["manifests", "layers", "fsLayers"] },
} as const;

function checkShape(manifest: Manifest): void {
  const { kind, json } = manifest;
  if (kind === "schema1") throw invalid("Docker schema 1 is not supported");
  if (kind !== "artifact" && json["schemaVersion"] !== 2) {
    throw invalid("The schema version is not 2");
  }
  const { needs, refuses } = SHAPES[kind];
  for (const key of needs) {
    // Go writes an empty list as null, and `regctl image create` with it.
    const isEmptyList = json[key] === null && key !== "config";
    if (!isEmptyList && !json[key]) {
      throw invalid(`The manifest has no "${key}"`);
    }
  }
  for (const key of refuses) {
    if (json[key] !== undefined) {
      throw invalid(`A manifest of this type must not have "${key}"`);
    }
  }
}

async function checkChild(
  repository: Repository,
  child: Descriptor,
  sparse: boolean,
): Promise<ApiErrorEntry | undefined> {
  const size = await sizeOf(repository, child);
  const { digest } = child;
  if (size === undefined) {
    if (sparse || isElsewhere(child)) return undefined;
    const message = "The manifest refers to content that is not there";
    return { code: "MANIFEST_BLOB_UNKNOWN", message, detail: { digest } };
  }
  if (size === child.size) return undefined;
  const message = "The manifest refers to content of another size";
  const detail = { digest, size: child.size, found: size };
  return { code: "MANIFEST_INVALID", message, detail };
}

async function sizeOf(
  repository: Repository,
  child: Descriptor,
): Promise<number | undefined> {
  if (!isManifestType(child.mediaType)) {
    return await repository.size(child.digest);
  }
  return (await repository.resolve(child.digest))?.size;
}

/** Layers that may not be distributed are fetched from where they are. */
function isElsewhere(child: Descriptor): boolean {
  return (child.urls?.length ?? 0) > 0 ||
    /\.(nondistributable|foreign)\./.test(child.mediaType);
}

function unique(children: readonly Descriptor[]): Descriptor[] {
  const seen = new Map(children.map((child) => [
    `${child.digest} ${child.size} ${isManifestType(child.mediaType)}`,
    child,
  ]));
  return [...seen.values()];
}

function invalid(message: string): ApiError {
  return new ApiError("MANIFEST_INVALID", message);
}
