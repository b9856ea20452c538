/**
 * A changed tree into the target: blobs first, then manifests, children before
 * their parents, referrers before their subjects, the tag last.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { RegError } from "../../base/errors.ts";
import { fromBytes } from "../../base/streams.ts";
import type { Descriptor } from "../core.ts";
import { digestOf } from "../digest.ts";
import { encodeGo, type JsonObject } from "../go_json.ts";
import { BLOB_IN_MEMORY, readBlob } from "../image.ts";
import { DOCKER_REFERENCE } from "./manifest_changes.ts";
import type { ModContext } from "./modification.ts";
import { sendBlob } from "./rewrite_layer.ts";
import {
  changeConfig,
  changeManifest,
  type ConfigNode,
  descriptorOf,
  isIndexNode,
  type LayerNode,
  type ManifestNode,
  objectIn,
  objectsIn,
  textIn,
  textsIn,
  withKeys,
} from "./tree.ts";

/** How a tree is written. */
export interface WriteTreeOptions {
  /** The tag of the top manifest. */
  readonly tag?: string | undefined;
  /** The largest bytes that descriptors carry; left as they are where left out. */
  readonly dataMax?: number | undefined;
}

/** Writes a tree. */
export async function writeTree(
  top: ManifestNode,
  context: ModContext,
  options: WriteTreeOptions,
): Promise<void> {
  await new TreeWriter(context, options).write(top);
}

class TreeWriter {
  readonly #context: ModContext;
  readonly #options: WriteTreeOptions;
  readonly #isSame: boolean;

  constructor(context: ModContext, options: WriteTreeOptions) {
    this.#context = context;
    this.#options = options;
    this.#isSame = context.from.name === context.to.name;
  }

  async write(node: ManifestNode): Promise<void> {
    if (isIndexNode(node)) await this.#index(node);
    else await this.#image(node);
    await this.#referrers(node);
    await this.#put(node);
  }

  /** Writes the children of an index, and lists what became of them. */
  async #index(node: ManifestNode): Promise<void> {
    const before = objectsIn(node.json, "manifests");
    const moved = new Map<string, string>();
    const entries: JsonObject[] = [];
    for (const [at, child] of node.children.entries()) {
      if (child.fate === "deleted") continue;
      await this.write(child);
      const own = before[at] ?? {};
      const { digest, size, mediaType } = descriptorOf(child);
      moved.set(child.original.digest, digest);
      const isSame = digest === textIn(own, "digest");
      const entry = isSame ? own : withKeys(own, { mediaType, digest, size });
      entries.push(this.#withData(entry, () => child.bytes));
    }
    const manifests = entries.map((entry) => followReference(entry, moved));
    if (!areSame(manifests, before)) {
      changeManifest(node, withKeys(node.json, { manifests }));
    }
  }

  /** Writes the config of an image, and lists what became of its layers. */
  async #image(node: ManifestNode): Promise<void> {
    const before = objectsIn(node.json, "layers");
    const kept = node.layers.filter((layer) => layer.fate !== "deleted");
    for (const layer of kept) await this.#layerData(layer);
    const layers = kept.map((layer) => layer.entry);
    const isSame = areSame(layers, before);
    if (!isSame && node.config) {
      updateConfig(node.config, node, this.#context.now);
    }
    const config = await this.#config(node);
    const isConfigSame = areSame([config], [objectIn(node.json, "config")]);
    if (isSame && isConfigSame) return;
    const isListed = layers.length > 0 || before.length > 0;
    changeManifest(
      node,
      withKeys(node.json, {
        ...(isConfigSame ? {} : { config }),
        ...(isListed ? { layers } : {}),
      }),
    );
  }

  async #config(node: ManifestNode): Promise<JsonObject> {
    const own = objectIn(node.json, "config");
    const { config } = node;
    if (config === undefined) return await this.#otherConfig(node, own);
    const { bytes, algorithm, original } = config;
    if (!config.isChanged) {
      if (!this.#isSame) {
        await sendBlob(original, this.#context.from, this.#context);
      }
      return this.#withData(own, () => bytes);
    }
    const { signal, to } = this.#context;
    const { mediaType } = original;
    const digest = digestOf(bytes, algorithm);
    const size = bytes.length;
    await to.push(
      { mediaType, digest, size },
      () => Promise.resolve(fromBytes(bytes)),
      { signal },
    );
    const isSame = textIn(own, "digest") === digest &&
      textIn(own, "mediaType") === mediaType;
    const entry = isSame ? own : withKeys(own, { mediaType, digest, size });
    return this.#withData(entry, () => bytes);
  }

  /** The config of an artifact: bytes. */
  async #otherConfig(node: ManifestNode, own: JsonObject): Promise<JsonObject> {
    const { from, signal } = this.#context;
    const described = describe(own);
    if (described === undefined) return own;
    if (!this.#isSame) await sendBlob(described, from, this.#context);
    if (!this.#carries(own)) return this.#withData(own, () => node.bytes);
    const bytes = await readBlob(from, described, { signal });
    return this.#withData(own, () => bytes);
  }

  /** Puts a layer's bytes into its entry, or takes them out. */
  async #layerData(layer: LayerNode): Promise<void> {
    const node = describe(layer.entry);
    if (!this.#carries(layer.entry) || node === undefined) {
      layer.entry = this.#withData(layer.entry, () => new Uint8Array());
      return;
    }
    const source = layer.fate === "kept" ? layer.from : this.#context.to;
    const { signal } = this.#context;
    const bytes = await readBlob(source, node, { signal });
    layer.entry = this.#withData(layer.entry, () => bytes);
  }

  /** Tells whether an entry is to carry its bytes. */
  #carries(entry: JsonObject): boolean {
    const { dataMax } = this.#options;
    const size = Number(entry["size"]);
    if (dataMax === undefined) return textIn(entry, "data") !== "";
    return size <= Math.min(dataMax, BLOB_IN_MEMORY);
  }

  #withData(entry: JsonObject, bytes: () => Uint8Array): JsonObject {
    const own = textIn(entry, "data");
    const data = this.#carries(entry)
      ? Buffer.from(bytes()).toString("base64")
      : "";
    if (own === data) return entry;
    return withKeys(entry, { data: data === "" ? undefined : data });
  }

  /** Writes what refers to a manifest, where that moved along. */
  async #referrers(node: ManifestNode): Promise<void> {
    const isMoved = node.fate === "replaced" || node.fate === "added";
    for (const referrer of node.referrers) {
      const isNew = referrer.fate === "added";
      // Elsewhere, only what became a referrer just now belongs to the image.
      if (!isNew && !this.#isSame) continue;
      if (isMoved || isNew) {
        const { mediaType, digest, size } = descriptorOf(node);
        const subject = { mediaType, digest, size };
        if (!("subject" in referrer.json) && !canRefer(referrer)) {
          throw new RegError(
            "unsupported",
            `referrer does not support subject field, mt=${referrer.mediaType}`,
          );
        }
        changeManifest(referrer, withKeys(referrer.json, { subject }));
      }
      await this.write(referrer);
    }
  }

  async #put(node: ManifestNode): Promise<void> {
    const { to, signal } = this.#context;
    const { tag } = this.#options;
    const isWanted = node.fate !== "kept" || !this.#isSame ||
      (node.isTop && tag !== undefined);
    if (!isWanted) return;
    await to.putManifest(
      descriptorOf(node),
      node.bytes,
      node.isTop ? { tag, signal } : { child: true, signal },
    );
  }
}

function areSame(
  some: readonly JsonObject[],
  others: readonly JsonObject[],
): boolean {
  return encodeGo(some) === encodeGo(others);
}

function canRefer(node: ManifestNode): boolean {
  return node.mediaType.startsWith("application/vnd.oci.");
}

/** An attestation's entry names its image by digest: it follows that. */
function followReference(
  entry: JsonObject,
  moved: ReadonlyMap<string, string>,
): JsonObject {
  const annotations = objectIn(entry, "annotations");
  const digest = textIn(annotations, DOCKER_REFERENCE.digest);
  const now = moved.get(digest);
  if (now === undefined || now === digest) return entry;
  return withKeys(entry, {
    annotations: withKeys(annotations, { [DOCKER_REFERENCE.digest]: now }),
  });
}

/** Makes the config's layers and history those of the manifest. */
function updateConfig(config: ConfigNode, node: ManifestNode, now: Date): void {
  const rootfs = objectIn(config.json, "rootfs");
  const diffIds = textsIn(rootfs, "diff_ids");
  const hasDiffIds = Array.isArray(rootfs["diff_ids"]);
  const hasHistory = Array.isArray(config.json["history"]);
  const rows = objectsIn(config.json, "history");
  const original = node.layers.filter((layer) => layer.fate !== "added");
  const added = node.layers.filter((layer) => layer.fate === "added");
  const doomedRows = rowsOfDeleted(rows, original);
  const created = now.toISOString().replace(/\.\d+Z$/, "Z");
  const history = [
    ...rows.filter((_, at) => !doomedRows.has(at)),
    ...added.map(() => ({ created, comment: "regclient" })),
  ];
  const ids = [
    ...diffIds.flatMap((id, at) => {
      const layer = original[at];
      return layer?.fate === "deleted" ? [] : layer?.diffId ?? id;
    }),
    ...(diffIds.length === original.length
      ? added.map((layer) => layer.diffId ?? "")
      : []),
  ];
  changeConfig(
    config,
    withKeys(config.json, {
      ...(hasDiffIds ? { rootfs: withKeys(rootfs, { diff_ids: ids }) } : {}),
      ...(hasHistory ? { history } : {}),
    }),
  );
}

/** Which rows of the history belong to layers that are deleted, from the top down. */
function rowsOfDeleted(
  rows: readonly JsonObject[],
  layers: readonly LayerNode[],
): ReadonlySet<number> {
  const doomed = new Set<number>();
  let row = rows.length - 1;
  for (const layer of layers.toReversed()) {
    while (row >= 0 && rows[row]?.["empty_layer"] === true) row--;
    if (layer.fate === "deleted" && row >= 0) doomed.add(row);
    if (row >= 0) row--;
  }
  return doomed;
}

function describe(entry: JsonObject): Descriptor | undefined {
  const [algorithm = "", hash = ""] = textIn(entry, "digest").split(":");
  const size = entry["size"];
  if (hash === "" || typeof size !== "number") return undefined;
  const mediaType = textIn(entry, "mediaType");
  return { mediaType, digest: `${algorithm}:${hash}`, size };
}
