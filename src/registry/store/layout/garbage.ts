/**
 * What in a layout nobody can reach from its `index.json`, and its removal.
 *
 * @module
 */
import type { CallOptions, Descriptor } from "../../core.ts";
import { isDigest } from "../../digest.ts";
import {
  childrenOf,
  type Manifest,
  MANIFEST_LIMIT,
  parseManifest,
} from "../../manifest.ts";
import { isBlobType, isManifestType } from "../../media_types.ts";
import { absent, type LayoutFiles, removeFile } from "./files.ts";
import type { LayoutIndex } from "./rows.ts";

/** Options for {@linkcode collectGarbage}. */
export interface CollectOptions extends CallOptions {
  /** Digests whose rows were removed: what only they reached goes at once. */
  readonly orphans: Iterable<string>;
  /** How old other unreachable files must be, in milliseconds. */
  readonly graceMs: number;
}

/**
 * Removes what cannot be reached from the index. What somebody else may be
 * writing (unreachable, young, and never ours) stays; so does everything when a
 * reachable manifest cannot be read, for its children are unknown then.
 *
 * @returns The digests or names of what was removed.
 */
export async function collectGarbage(
  files: LayoutFiles,
  index: LayoutIndex,
  options: CollectOptions,
): Promise<string[]> {
  const { orphans, graceMs, signal } = options;
  const roots = index.rows.map((row) => row.descriptor);
  const kept = await reach(files, roots, signal);
  if (!kept.isWhole) return [];
  const doomed = await reach(files, [...orphans].map(unknownNode), signal);
  const oldest = Date.now() - graceMs;
  const removed: string[] = [];
  for await (const { path, digest } of files.blobs()) {
    signal?.throwIfAborted();
    if (kept.digests.has(digest)) continue;
    const isOld = async () =>
      ((await absent(Deno.lstat(path)))?.mtime?.getTime() ?? oldest) < oldest;
    if (!doomed.digests.has(digest) && !await isOld()) continue;
    if (await removeFile(path)) removed.push(digest);
  }
  return removed;
}

/** What can be reached from some roots. */
export interface Reach {
  /** The digests, those of missing blobs too. */
  readonly digests: ReadonlySet<string>;
  /** Whether each manifest that is there could be read. */
  readonly isWhole: boolean;
}

/** Walks from roots to all that they reach in a layout. */
export async function reach(
  files: LayoutFiles,
  roots: readonly Descriptor[],
  signal?: AbortSignal,
): Promise<Reach> {
  const digests = new Set<string>();
  const queue = [...roots];
  let isWhole = true;
  for (let node = queue.pop(); node; node = queue.pop()) {
    signal?.throwIfAborted();
    if (digests.has(node.digest)) continue;
    digests.add(node.digest);
    const manifest = await readManifest(files, node);
    if (manifest) queue.push(...childrenOf(manifest));
    else if (manifest === undefined) isWhole = false;
  }
  return { digests, isWhole };
}

/** The manifest of a node; `null` where it is none, `undefined` where it is broken. */
async function readManifest(
  files: LayoutFiles,
  node: Descriptor,
): Promise<Manifest | null | undefined> {
  if (isBlobType(node.mediaType) || !isDigest(node.digest)) return null;
  const isKnown = isManifestType(node.mediaType);
  // Something of an unknown type that is too large for a manifest is none.
  if (!isKnown && (await files.blobSize(node.digest) ?? 0) > MANIFEST_LIMIT) {
    return null;
  }
  try {
    const path = files.blobPath(node.digest);
    const bytes = await files.read(path, MANIFEST_LIMIT);
    return bytes === undefined
      ? null
      : parseManifest(bytes, isKnown ? node.mediaType : "");
  } catch {
    return isKnown ? undefined : null;
  }
}

function unknownNode(digest: string): Descriptor {
  const [algorithm = "", hex = ""] = digest.split(":");
  return { mediaType: "", digest: `${algorithm}:${hex}`, size: -1 };
}
