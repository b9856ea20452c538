/**
 * The copy of some platforms of an index, with an index that lists just those.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import {
  copyGraph,
  type CopyGraphOptions,
  type CopyResult,
  Run,
} from "./copy.ts";
import type { Descriptor, ManifestBytes, Platform } from "./core.ts";
import { describeManifest, parseManifest } from "./manifest.ts";
import { formatPlatform, platformsMatch } from "./platform.ts";

/** Options for {@linkcode copySubset}. */
export interface CopySubsetOptions extends CopyGraphOptions {
  /** Which entries are kept, by exact match. */
  readonly platforms: readonly Platform[];
}

/** The annotation by which an attestation names the image that it is about. */
const REFERENCE = "vnd.docker.reference.digest";

/**
 * Copies the entries of an index for some platforms and puts an index that
 * lists them alone; attestations of kept images come along. Unknown keys of the
 * index stay. What is no index is copied whole.
 *
 * @throws {RegError} `not_found` where a platform has no entry.
 */
export async function copySubset(
  root: string,
  options: CopySubsetOptions,
): Promise<CopyResult> {
  const { platforms, run = new Run(), ...rest } = options;
  const { from, to, tag, child, signal } = options;
  const whole = await from.manifest(root, { signal });
  const subset = subsetOf(whole, platforms);
  if (!subset) return await copyGraph(root, { ...rest, run });
  for (const entry of subset.entries) {
    const { tag: _, ...parts } = rest;
    await copyGraph(entry.digest, { ...parts, run, child: true });
  }
  const { descriptor, bytes } = subset.index;
  await to.putManifest(descriptor, bytes, { tag, child, signal });
  return { root: descriptor, skipped: false };
}

interface Subset {
  readonly entries: readonly Descriptor[];
  readonly index: ManifestBytes;
}

/** The index with the entries for some platforms; none where it is no index. */
function subsetOf(
  whole: ManifestBytes,
  platforms: readonly Platform[],
): Subset | undefined {
  const { mediaType } = whole.descriptor;
  const manifest = parseManifest(whole.bytes, mediaType);
  if (manifest.kind !== "index") return undefined;
  const images = new Set<Descriptor>();
  for (const platform of platforms) {
    const found = manifest.manifests.filter((entry) =>
      entry.platform && platformsMatch(entry.platform, platform)
    );
    if (found.length === 0) {
      const text = formatPlatform(platform);
      throw new RegError("not_found", `platform not found: ${text}`);
    }
    for (const entry of found) images.add(entry);
  }
  const digests = new Set<string>([...images].map(({ digest }) => digest));
  const isKept = (entry: Descriptor) =>
    images.has(entry) || digests.has(entry.annotations?.[REFERENCE] ?? "");
  const kept = manifest.manifests.map(isKept);
  const raw = manifest.json["manifests"];
  const json = {
    ...manifest.json,
    manifests: Array.isArray(raw) ? raw.filter((_, i) => kept[i]) : [],
  };
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  return {
    entries: manifest.manifests.filter((_, i) => kept[i]),
    index: describeManifest(bytes, mediaType),
  };
}
