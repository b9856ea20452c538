/**
 * What in a layout nobody can reach from its `index.json`, and its removal.
 *
 * @module
 */
import { inParallel } from "../../../base/in_parallel.ts";
import type { CallOptions, Descriptor } from "../../core.ts";
import { isDigest } from "../../digest.ts";
import {
  childrenOf,
  type Manifest,
  MANIFEST_LIMIT,
  parseManifest,
} from "../../manifest.ts";
import { isBlobType, isManifestType } from "../../media_types.ts";
import { absent, removeFile } from "./file_system.ts";
import type { BlobFile, LayoutFiles } from "./files.ts";
import type { LayoutIndex } from "./rows.ts";

/** How many files are looked at side by side: each alone waits for the system. */
const AT_ONCE = 32;

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
  const doomed = await reach(files, [...orphans].map(unknownNode), signal);
  const oldest = Date.now() - graceMs;
  const candidates: BlobFile[] = [];
  await inParallel(files.blobs(), async (blob) => {
    signal?.throwIfAborted();
    if (doomed.digests.has(blob.digest) || await isOlder(blob.path, oldest)) {
      candidates.push(blob);
    }
  }, { limit: AT_ONCE });
  // Most often there are none, and who reaches what need not be known.
  if (candidates.length === 0) return [];
  const roots = index.rows.map((row) => row.descriptor);
  const kept = await reach(files, roots, signal);
  if (!kept.isWhole) return [];
  const removed: string[] = [];
  for (const { path, digest } of candidates) {
    signal?.throwIfAborted();
    if (kept.digests.has(digest)) continue;
    if (await removeFile(path)) removed.push(digest);
  }
  return removed;
}

async function isOlder(path: string, oldest: number): Promise<boolean> {
  const info = await absent(Deno.lstat(path));
  return (info?.mtime?.getTime() ?? oldest) < oldest;
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
  while (queue.length > 0) {
    signal?.throwIfAborted();
    const fresh = queue.splice(-AT_ONCE).filter(({ digest }) =>
      !digests.has(digest) && digests.add(digest)
    );
    const manifests = await Promise.all(
      fresh.map((node) => readManifest(files, node)),
    );
    for (const manifest of manifests) {
      if (manifest) queue.push(...childrenOf(manifest));
      else if (manifest === undefined) isWhole = false;
    }
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
