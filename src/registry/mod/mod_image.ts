/**
 * Changes an image: its manifests, configs and layers.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { CallOptions, Descriptor, Source, Store } from "../core.ts";
import type { Reference } from "../reference.ts";
import { changeConfigAlgorithm } from "./config_changes.ts";
import { changeLayerAlgorithm } from "./layer_changes.ts";
import { changeManifestAlgorithm } from "./manifest_changes.ts";
import type { ModContext, Modification } from "./modification.ts";
import { planLayers, rewriteLayer } from "./rewrite_layer.ts";
import { descriptorOf, loadTree, walk } from "./tree.ts";
import { writeTree } from "./write_tree.ts";

/** Options for {@linkcode modImage}. */
export interface ModImageOptions extends CallOptions {
  /** Where the image is. */
  readonly from: Source;
  /** Where the result goes. */
  readonly to: Store;
  /** The tag of the result; it has a digest alone where left out. */
  readonly tag?: string | undefined;
  /** What to change. */
  readonly modifications: readonly Modification[];
  /** Opens another repository: of a base image. */
  readonly open?: ((reference: Reference) => Promise<Source>) | undefined;
  /** When the run began: what is added says so. @default {now} */
  readonly now?: Date | undefined;
  /** A directory for layers under way. @default {the system's} */
  readonly temporary?: string | undefined;
}

/**
 * Changes an image, and stores the result. What stays as it is keeps its bytes.
 *
 * @param tagOrDigest The image at `from`.
 * @returns What names the result.
 */
export async function modImage(
  tagOrDigest: string,
  options: ModImageOptions,
): Promise<Descriptor> {
  const { from, tag, modifications, signal } = options;
  const context: ModContext = {
    ...options,
    open: options.open ?? noOther,
    now: options.now ?? new Date(),
  };
  const top = await loadTree(from, tagOrDigest, { signal });
  for (const { prepare } of modifications) await prepare?.(top, context);
  await walk(top, async (node) => {
    for (const { manifest } of modifications) {
      if (node.fate !== "deleted") await manifest?.(node, context);
    }
  });
  await walk(top, async ({ config }) => {
    if (config === undefined) return;
    for (const one of modifications) await one.config?.(config, context);
  });
  const plan = planLayers(modifications, context);
  await walk(top, async ({ layers }) => {
    for (const layer of layers) {
      signal?.throwIfAborted();
      await rewriteLayer(layer, plan, context);
    }
  });
  const dataMax = modifications.findLast((one) => one.dataMax !== undefined)
    ?.dataMax;
  await writeTree(top, context, { tag, dataMax });
  return descriptorOf(top);
}

function noOther(reference: Reference): Promise<Source> {
  return Promise.reject(
    new RegError("usage", `Cannot open "${reference.reference}" here`),
  );
}

/**
 * Lets descriptors carry their bytes themselves, up to a size; takes larger ones
 * out. 0 takes out all.
 */
export function embedData(dataMax: number): Modification {
  return { dataMax };
}

/** Gives all digests another algorithm: `sha256`, `sha384` or `sha512`. */
export function changeDigestAlgorithm(algorithm: string): Modification {
  return {
    ...changeLayerAlgorithm(algorithm),
    ...changeConfigAlgorithm(algorithm),
    ...changeManifestAlgorithm(algorithm),
  };
}
