/**
 * A layer through the steps that change it, and into the target.
 *
 * @module
 */
import type { Descriptor } from "../core.ts";
import { can } from "../core.ts";
import { algorithmOf, createHasher } from "../digest.ts";
import { compress, type Packing } from "../layers/compress.ts";
import { decompress } from "../layers/decompress.ts";
import { spool } from "../layers/spool.ts";
import { readTar } from "../tar/reader.ts";
import { type NewEntry, writeTar } from "../tar/writer.ts";
import { hasUrls, packedType } from "./convert.ts";
import type { FileStep, ModContext, Modification } from "./modification.ts";
import { type LayerNode, textIn, withKeys } from "./tree.ts";

/** What is to be done to every layer. */
export interface LayerPlan {
  /** Steps for files, in order. */
  readonly files: readonly FileStep[];
  /** How layers are packed anew. */
  readonly packing?: Packing | undefined;
  /** The algorithm of digests. */
  readonly algorithm?: string | undefined;
  /** What came of the layers so far, by digest and media type. */
  readonly done: Map<string, Rewritten>;
}

/** Gathers what modifications do to layers; the last packing counts. */
export function planLayers(
  modifications: readonly Modification[],
  context: ModContext,
): LayerPlan {
  const packing = modifications.findLast((one) => one.compression)?.compression;
  return {
    files: modifications.flatMap((one) => one.file ? [one.file(context)] : []),
    packing: packing === "gzip" || packing === "zstd" || packing === "none"
      ? packing
      : undefined,
    algorithm: modifications.findLast((one) => one.layerAlgorithm)
      ?.layerAlgorithm,
    done: new Map(),
  };
}

/** Changes a layer as planned, and sees that the target has what comes of it. */
export async function rewriteLayer(
  layer: LayerNode,
  plan: LayerPlan,
  context: ModContext,
): Promise<void> {
  // What lives elsewhere is not ours to change.
  const isExternal = (layer.original.urls ?? []).length > 0 &&
    hasUrls(layer.entry);
  if (layer.fate === "deleted" || isExternal) return;
  // Images share layers: each is changed once.
  const key = `${layer.original.digest} ${textIn(layer.entry, "mediaType")}`;
  const result = plan.done.get(key) ?? await rewrite(layer, plan, context);
  plan.done.set(key, result);
  if (result.fate === "deleted") layer.fate = "deleted";
  if (result.fate === "replaced" && result.node) {
    const { mediaType, digest, size } = result.node;
    layer.entry = withKeys(layer.entry, { mediaType, digest, size });
    layer.diffId = result.diffId;
    if (layer.fate === "kept") layer.fate = "replaced";
  }
  if (layer.fate === "kept") await bring(layer, context);
}

/** What comes of a layer. */
interface Rewritten {
  readonly node?: Descriptor;
  readonly diffId?: string;
  readonly fate: "kept" | "replaced" | "deleted";
}

/** Makes a layer's new bytes, and stores them. */
async function rewrite(
  layer: LayerNode,
  plan: LayerPlan,
  context: ModContext,
): Promise<Rewritten> {
  const own = packingOf(layer);
  const packing = own && plan.packing ? plan.packing : own;
  const isPacked = packing !== own;
  const algorithm = plan.algorithm ?? algorithmOf(layer.original.digest);
  const isRehashed = algorithm !== algorithmOf(layer.original.digest);
  const tar = own !== undefined && plan.files.length > 0
    ? new TarChanges(layer, plan.files)
    : undefined;
  if (packing !== undefined && (isPacked || tar)) {
    const result = await repack(layer, { packing, algorithm, tar }, context);
    if (isPacked || tar?.isEmpty || tar?.isChanged) return result;
  }
  return isRehashed
    ? await rehash(layer, algorithm, context)
    : { fate: "kept" };
}

/** Packs a layer anew, its tar changed or not; what stays the same is not stored. */
async function repack(
  layer: LayerNode,
  how: {
    readonly packing: Packing;
    readonly algorithm: string;
    readonly tar: TarChanges | undefined;
  },
  context: ModContext,
): Promise<Rewritten> {
  const { packing, algorithm, tar } = how;
  const { signal, to } = context;
  const packed = await layer.from.open(layer.original, { signal });
  const { stream } = await decompress(packed, { signal });
  const hasher = createHasher(algorithm);
  const unpacked = noted(tar ? tar.write(stream) : stream, hasher);
  const options = { ...context, algorithm };
  await using file = await spool(compress(unpacked, packing), options);
  if (tar?.isEmpty) return { fate: "deleted" };
  const { digest, size, body } = file;
  const mediaType = packedType(layer, packing) ?? layer.original.mediaType;
  const node = { mediaType, digest, size };
  const isNew = tar === undefined || tar.isChanged ||
    packing !== packingOf(layer);
  if (isNew) await to.push(node, body, { signal });
  return { node, diffId: hasher.digest(), fate: "replaced" };
}

/** Gives a layer's bytes, which stay as they are, a digest of another algorithm. */
async function rehash(
  layer: LayerNode,
  algorithm: string,
  context: ModContext,
): Promise<Rewritten> {
  const { signal, to } = context;
  const bytes = await layer.from.open(layer.original, { signal });
  await using file = await spool(bytes, { ...context, algorithm });
  const hasher = createHasher(algorithm);
  const { stream } = await decompress(await file.body(), { signal });
  for await (const chunk of stream) hasher.update(chunk);
  const { digest, size, body } = file;
  const node = { mediaType: textIn(layer.entry, "mediaType"), digest, size };
  await to.push(node, body, { signal });
  return { node, diffId: hasher.digest(), fate: "replaced" };
}

async function* noted(
  stream: AsyncIterable<Uint8Array>,
  hasher: { update(bytes: Uint8Array): void },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    hasher.update(chunk);
    yield chunk;
  }
}

/** A tar through the steps for its files. */
class TarChanges {
  /** Whether an entry was changed or deleted. */
  isChanged = false;
  /** Whether no entry is left. */
  isEmpty = true;
  readonly #layer: LayerNode;
  readonly #steps: readonly FileStep[];

  constructor(layer: LayerNode, steps: readonly FileStep[]) {
    this.#layer = layer;
    this.#steps = steps;
  }

  write(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
    return writeTar(this.#entries(stream));
  }

  async *#entries(
    stream: ReadableStream<Uint8Array>,
  ): AsyncGenerator<NewEntry> {
    for await (const { header, body } of readTar(stream)) {
      let entry: NewEntry | undefined = { header, body: body() };
      for (const step of this.#steps) {
        const result = await step(entry, this.#layer);
        this.isChanged ||= result === "deleted" || result.isChanged;
        entry = result === "deleted" ? undefined : result.entry;
        if (entry === undefined) break;
      }
      if (entry === undefined) continue;
      this.isEmpty = false;
      yield entry;
    }
  }
}

/** How a layer of a known type is packed. */
function packingOf(layer: LayerNode): Packing | undefined {
  const own = textIn(layer.entry, "mediaType");
  return (["none", "gzip", "zstd"] as const)
    .find((packing) => packedType(layer, packing) === own);
}

/** Sees that the target has a layer that stays as it is. */
async function bring(layer: LayerNode, context: ModContext): Promise<void> {
  if (layer.from.name === context.to.name && !isBroughtHome(layer)) return;
  await sendBlob(layer.original, layer.from, context);
}

/** Tells whether a layer lived elsewhere, and is to live in the target now. */
function isBroughtHome(layer: LayerNode): boolean {
  return (layer.original.urls ?? []).length > 0;
}

/** Sends a blob as it is, unless the target has it or can take it from a sibling. */
export async function sendBlob(
  node: Descriptor,
  from: LayerNode["from"],
  context: ModContext,
): Promise<void> {
  const { to, signal } = context;
  if (await to.exists(node, { signal })) return;
  const isMounted = from.host === to.host && can(to, "mount") &&
    await to.mount(node, [from.repository], { signal });
  if (isMounted) return;
  const body = (options = {}) => from.open(node, { signal, ...options });
  await to.push(node, body, { signal });
}
