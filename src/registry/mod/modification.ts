/**
 * What a modification is: steps for the parts of an image. The steps of all
 * modifications run phase by phase: manifests, configs, layers, and within a
 * phase in the order in which they were asked for.
 *
 * @module
 */
import type { CallOptions, Platform, Source, Store } from "../core.ts";
import type { Compression } from "../layers/decompress.ts";
import { parsePlatform, platformsMatch } from "../platform.ts";
import type { Reference } from "../reference.ts";
import type { NewEntry } from "../tar/writer.ts";
import type { ConfigNode, LayerNode, ManifestNode } from "./tree.ts";
import { platformOfConfig } from "./tree.ts";

/** What steps can reach. */
export interface ModContext extends CallOptions {
  /** Where the image is. */
  readonly from: Source;
  /** Where the result goes. */
  readonly to: Store;
  /** Opens another repository: of a base image. */
  readonly open: (reference: Reference) => Promise<Source>;
  /** When the run began: for what has no time of its own. */
  readonly now: Date;
  /** A directory for layers under way. */
  readonly temporary?: string | undefined;
}

/** What a step makes of an entry of a layer: nothing, or an entry. */
export type FileResult = "deleted" | {
  /** The entry to write. */
  readonly entry: NewEntry;
  /** Whether it differs from the one before. */
  readonly isChanged: boolean;
};

/** Takes an entry of a layer, and gives what comes of it. */
export type FileStep = (
  entry: NewEntry,
  layer: LayerNode,
) => Promise<FileResult> | FileResult;

/** Steps for the parts of an image. */
export interface Modification {
  /** Looks at the whole tree before all steps, and may refuse. */
  readonly prepare?: (
    top: ManifestNode,
    context: ModContext,
  ) => Promise<void> | void;
  /** Changes a manifest; children come before their parents. */
  readonly manifest?: (
    node: ManifestNode,
    context: ModContext,
  ) => Promise<void> | void;
  /** Changes a config. */
  readonly config?: (
    config: ConfigNode,
    context: ModContext,
  ) => Promise<void> | void;
  /** Packs layers anew. */
  readonly compression?: Compression;
  /** Gives layers digests of this algorithm. */
  readonly layerAlgorithm?: string;
  /** Changes the files in layers. */
  readonly file?: (context: ModContext) => FileStep;
  /** The largest bytes that descriptors carry themselves. */
  readonly dataMax?: number;
}

/** A value with the platforms that it is for; none means all. */
export interface ForPlatforms {
  /** What follows the brackets. */
  readonly value: string;
  /** The platforms between the brackets. */
  readonly platforms: readonly Platform[];
}

/**
 * Splits `[linux/amd64,linux/arm64]value`; `*` stands for all.
 *
 * @throws {RegError} `reference` for a platform that is none.
 */
export function parseForPlatforms(text: string): ForPlatforms {
  const match = /^\[([^\]]*)\](.*)$/s.exec(text.trim());
  if (!match) return { value: text.trim(), platforms: [] };
  const [, list = "", value = ""] = match;
  const names = list.split(",").map((name) => name.trim())
    .filter((name) => name !== "*");
  return { value, platforms: names.map((name) => parsePlatform(name)) };
}

/** Tells whether a config is of one of the platforms; of any where none is given. */
export function isForConfig(
  platforms: readonly Platform[],
  config: ConfigNode | undefined,
): boolean {
  if (platforms.length === 0) return true;
  if (config === undefined) return false;
  const own = platformOfConfig(config);
  return platforms.some((platform) => platformsMatch(own, platform));
}
