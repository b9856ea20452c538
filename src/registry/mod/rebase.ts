/**
 * An image onto another base: the old base's layers, diff ids and history give
 * way to the new one's.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { Descriptor, Source } from "../core.ts";
import { isJsonObject, type JsonObject, parseJson } from "../go_json.ts";
import { isSameHistory } from "../history.ts";
import { readBlob, resolveImage } from "../image.ts";
import { isSameLayer } from "../layer_identity.ts";
import { parseManifest } from "../manifest.ts";
import { parseReference, type Reference, tagOrDigest } from "../reference.ts";
import { BASE_DIGEST, BASE_NAME } from "./manifest_changes.ts";
import type { ModContext, Modification } from "./modification.ts";
import {
  changeConfig,
  changeManifest,
  type ConfigNode,
  isIndexNode,
  type LayerNode,
  type ManifestNode,
  objectIn,
  objectsIn,
  platformOfConfig,
  textIn,
  textsIn,
  withKeys,
} from "./tree.ts";

/** Puts an image onto today's version of the base that its annotations name. */
export function rebase(): Modification {
  let step: Modification | undefined;
  return {
    prepare(top) {
      const annotations = objectIn(top.json, "annotations");
      const name = textIn(annotations, BASE_NAME);
      const digest = textIn(annotations, BASE_DIGEST);
      if (name === "" || digest === "") {
        throw new RegError(
          "not_found",
          `annotation for base image is missing (${BASE_NAME} or ${BASE_DIGEST})`,
        );
      }
      const now = parseReference(name);
      step = rebaseOnto({ ...now, digest }, now);
    },
    manifest: (node, context) => step?.manifest?.(node, context),
  };
}

/** Puts an image from one base onto another. */
export function rebaseOnto(old: Reference, now: Reference): Modification {
  return {
    async manifest(node, context) {
      if (isIndexNode(node) || node.config === undefined) return;
      const [from, onto] = [
        await context.open(old),
        await context.open(now),
      ];
      const { signal } = context;
      const [oldTop, newTop] = [
        await from.resolve(tagOrDigest(old), { signal }),
        await onto.resolve(tagOrDigest(now), { signal }),
      ];
      if (oldTop.digest === newTop.digest) return;
      const before = await loadBase(from, oldTop.digest, node.config, context);
      const after = await loadBase(onto, newTop.digest, node.config, context);
      check(node, node.config, before);
      if (
        after.layers.length !== after.layerRows ||
        after.layers.length !== after.diffIds.length
      ) {
        throw new RegError(
          "mismatch",
          "new base image config history does not match layer count",
        );
      }
      replaceBase(node, node.config, before, after);
    },
  };
}

/** A base image on one platform. */
interface Base {
  readonly source: Source;
  readonly layers: readonly Descriptor[];
  readonly entries: readonly JsonObject[];
  readonly history: readonly JsonObject[];
  readonly diffIds: readonly string[];
  /** How many rows of the history have a layer. */
  readonly layerRows: number;
}

async function loadBase(
  source: Source,
  digest: string,
  config: ConfigNode,
  { signal }: ModContext,
): Promise<Base> {
  const platform = platformOfConfig(config);
  const found = await resolveImage(source, digest, { platform, signal });
  const manifest = parseManifest(found.bytes, found.descriptor.mediaType);
  if (manifest.kind !== "image") {
    throw new RegError("unsupported", "base image is not an image");
  }
  const bytes = await readBlob(source, manifest.config, { signal });
  const json = parseJson(new TextDecoder().decode(bytes));
  const own = isJsonObject(json) ? json : {};
  const history = objectsIn(own, "history");
  return {
    source,
    layers: manifest.layers,
    entries: objectsIn(manifest.json, "layers"),
    history,
    diffIds: textsIn(objectIn(own, "rootfs"), "diff_ids"),
    layerRows: history.filter((row) => row["empty_layer"] !== true).length,
  };
}

/** Checks that an image stands on a base. */
function check(node: ManifestNode, config: ConfigNode, base: Base): void {
  const fail = (what: string) => new RegError("mismatch", what);
  const layers = node.layers.filter((layer) => layer.fate !== "added");
  if (base.layers.length > layers.length) {
    throw fail("base image has more layers than modified image");
  }
  for (const [at, layer] of base.layers.entries()) {
    const own = layers[at]?.original;
    if (own === undefined || !isSameLayer(own, layer)) {
      throw fail(`old base image does not match image layers, layer ${at}`);
    }
  }
  const history = objectsIn(config.json, "history");
  if (base.history.length > history.length) {
    throw fail("base image has more history entries than modified image");
  }
  const row = base.history.findIndex((row, at) =>
    !isSameHistory(row, history[at])
  );
  if (row >= 0) {
    throw fail(`old base image does not match image history, entry ${row}`);
  }
  const count = base.layers.length;
  if (count !== base.layerRows || count !== base.diffIds.length) {
    throw fail("old base image layer count does not match history");
  }
  const diffIds = textsIn(objectIn(config.json, "rootfs"), "diff_ids");
  const id = base.diffIds.findIndex((id, at) => id !== diffIds[at]);
  if (id >= 0) {
    throw fail(`old base image does not match image rootfs, entry ${id}`);
  }
}

function replaceBase(
  node: ManifestNode,
  config: ConfigNode,
  before: Base,
  after: Base,
): void {
  const own = node.layers.filter((layer) => layer.fate !== "added")
    .slice(before.layers.length);
  const added = node.layers.filter((layer) => layer.fate === "added");
  const base = after.layers.map((original, at): LayerNode => ({
    fate: "kept",
    original,
    from: after.source,
    entry: after.entries[at] ?? {},
  }));
  node.layers = [...base, ...own, ...added];
  const layers = [...base, ...own].map((layer) => layer.entry);
  changeManifest(node, withKeys(node.json, { layers }));
  const rootfs = objectIn(config.json, "rootfs");
  const diffIds = textsIn(rootfs, "diff_ids").slice(before.diffIds.length);
  const history = objectsIn(config.json, "history");
  changeConfig(
    config,
    withKeys(config.json, {
      rootfs: withKeys(rootfs, { diff_ids: [...after.diffIds, ...diffIds] }),
      history: [...after.history, ...history.slice(before.history.length)],
    }),
  );
}
