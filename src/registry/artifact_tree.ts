/**
 * An image with all that belongs to it, as a tree.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import type {
  Abilities,
  Descriptor,
  ManifestBytes,
  Platform,
  Source,
} from "./core.ts";
import { parseManifest } from "./manifest.ts";
import { isManifestType } from "./media_types.ts";
import {
  digestTagsOf,
  queryReferrers,
  type QueryReferrersOptions,
  REF_NAME,
} from "./referrer_query.ts";

/** A node of the tree. */
export interface ArtifactNode {
  /** Its manifest. */
  readonly manifest: ManifestBytes;
  /** Whether it was found among the referrers of another repository. */
  readonly isExternal: boolean;
  /** The tag by which it was found, of one that begins with a digest. */
  readonly tag?: string | undefined;
  /** What it runs on, by its parent. */
  readonly platform?: Platform | undefined;
  /** What it is, by its parent. */
  readonly artifactType?: string | undefined;
  /** The entries of an index. */
  readonly children: readonly ArtifactNode[];
  /** What refers to it. */
  readonly referrers: readonly ArtifactNode[];
}

/** Options for {@linkcode artifactTree}. */
export interface ArtifactTreeOptions extends QueryReferrersOptions {
  /** Where referrers are, if not with the image. */
  readonly external?: (Source & Partial<Abilities>) | undefined;
}

/** What was found, and why there is not more. */
export interface ArtifactTree {
  /** The root. */
  readonly root: ArtifactNode;
  /** What made the walk end early: a loop. */
  readonly error?: RegError;
}

/** Builds the tree of a root: children first, then referrers, then digest tags. */
export async function artifactTree(
  store: Source & Partial<Abilities>,
  tagOrDigest: string,
  options: ArtifactTreeOptions = {},
): Promise<ArtifactTree> {
  const walk = new Walk(store, options);
  const root = await walk.node(tagOrDigest, { path: [], isExternal: false });
  const { error } = walk;
  return { root, ...(error ? { error } : {}) };
}

interface Place {
  /** The digests on the way here. */
  readonly path: readonly string[];
  readonly isExternal: boolean;
  readonly entry?: Descriptor;
  readonly tag?: string | undefined;
}

class Walk {
  error: RegError | undefined;
  readonly #store: Source & Partial<Abilities>;
  readonly #options: ArtifactTreeOptions;

  constructor(
    store: Source & Partial<Abilities>,
    options: ArtifactTreeOptions,
  ) {
    this.#store = store;
    this.#options = options;
  }

  async node(name: string, place: Place): Promise<ArtifactNode> {
    const { external = this.#store, signal } = this.#options;
    const source = place.isExternal ? external : this.#store;
    const manifest = await source.manifest(name, { signal });
    const { digest } = manifest.descriptor;
    const common = {
      manifest,
      isExternal: place.isExternal,
      tag: place.tag,
      platform: place.entry?.platform,
      artifactType: place.entry?.artifactType,
    };
    if (place.path.includes(digest)) {
      this.error ??= new RegError(
        "invalid",
        `loop encountered, already processed ${digest}`,
      );
      return { ...common, children: [], referrers: [] };
    }
    const path = [...place.path, digest];
    return {
      ...common,
      children: await this.#children(manifest, { ...place, path }),
      referrers: await this.#referrers(manifest, path),
    };
  }

  async #children(
    { bytes, descriptor }: ManifestBytes,
    { path, isExternal }: Place,
  ): Promise<ArtifactNode[]> {
    const manifest = parseManifest(bytes, descriptor.mediaType);
    if (manifest.kind !== "index") return [];
    const nodes: ArtifactNode[] = [];
    for (const entry of manifest.manifests) {
      // An index may hold anything: what is no manifest has nothing below it.
      if (this.error || !isManifestType(entry.mediaType)) continue;
      nodes.push(await this.node(entry.digest, { path, isExternal, entry }));
    }
    return nodes;
  }

  async #referrers(
    { descriptor }: ManifestBytes,
    path: readonly string[],
  ): Promise<ArtifactNode[]> {
    const { external, digestTags = false, ...query } = this.#options;
    const { signal } = query;
    const list = await queryReferrers(
      external ?? this.#store,
      descriptor,
      query,
    );
    const isExternal = external !== undefined;
    const tags = digestTags
      ? await digestTagsOf(external ?? this.#store, descriptor, {
        signal,
        without: list.fallbackTag,
      })
      : [];
    const nodes: ArtifactNode[] = [];
    for (const entry of [...list.descriptors, ...tags]) {
      if (this.error) break;
      const tag = tags.includes(entry)
        ? entry.annotations?.[REF_NAME]
        : undefined;
      nodes.push(
        await this.node(entry.digest, { path, isExternal, entry, tag }),
      );
    }
    return nodes;
  }
}
