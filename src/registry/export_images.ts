/**
 * Images as one archive that OCI tools and `docker load` both read.
 *
 * The archive is an OCI layout with Docker's `manifest.json` beside it. The same
 * images give the same bytes, and those are upstream's.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import type {
  CallOptions,
  Descriptor,
  ManifestBytes,
  Platform,
  Source,
} from "./core.ts";
import { can } from "./core.ts";
import { algorithmOf, hexOf } from "./digest.ts";
import { encodeGo, type JsonObject, type Shape, SHAPES } from "./go_json.ts";
import { resolveImage } from "./image.ts";
import {
  childrenOf,
  describeManifest,
  type Manifest,
  parseManifest,
} from "./manifest.ts";
import { isBlobType, isManifestType } from "./media_types.ts";
import {
  addDigest,
  commonName,
  type Reference,
  tagOrDigest,
  toRegistryReference,
  withTag,
} from "./reference.ts";
import {
  encodeReferrers,
  fallbackTag,
  NO_REFERRERS,
} from "./referrers_index.ts";
import { TYPE } from "./tar/header.ts";
import { type NewEntry, type NewHeader, writeTar } from "./tar/writer.ts";

/** An image to export. */
export interface ExportedImage {
  /** Where it is. */
  readonly from: Source;
  /** What it is called there. */
  readonly reference: Reference;
  /** What it is called in the archive. @default {reference} */
  readonly name?: Reference | undefined;
}

/** Options for {@linkcode exportImages}. */
export interface ExportOptions extends CallOptions {
  /** Takes the one image of an index that runs there. */
  readonly platform?: Platform | undefined;
  /** Also takes the manifests that have one of the exported as subject. @default {false} */
  readonly referrers?: boolean | undefined;
  /** Called with the number of bytes of blobs written since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** The annotation by which containerd names images. */
const IMAGE_NAME = "io.containerd.image.name";
/** The annotation by which a layout names images. */
const REF_NAME = "org.opencontainers.image.ref.name";

/**
 * Gives the archive's bytes. All manifests are read before the first of them,
 * so that what is not there fails before anything is written.
 *
 * @throws {RegError} `not_found`, `mismatch`.
 */
export async function exportImages(
  images: readonly ExportedImage[],
  options: ExportOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  const archive = new Archive(options);
  for (const image of images) await archive.add(image);
  return ReadableStream.from(writeTar(archive.entries()));
}

/** An object of the archive: a manifest's bytes, or a blob still to be read. */
interface Item {
  readonly node: Descriptor;
  readonly from?: Source;
  readonly bytes?: Uint8Array;
}

class Archive {
  readonly #options: ExportOptions;
  readonly #items = new Map<string, Item>();
  readonly #rows: JsonObject[] = [];
  /** Docker's entries by the digest of their manifest. */
  readonly #docker = new Map<string, DockerEntry>();
  /** Referrers by the digest of their subject. */
  readonly #referring = new Map<string, readonly Descriptor[]>();

  constructor(options: ExportOptions) {
    this.#options = options;
  }

  /** Finds all that belongs to an image. */
  async add(image: ExportedImage): Promise<void> {
    const { platform, signal } = this.#options;
    const { from, reference } = image;
    const wanted = tagOrDigest(reference);
    const top = platform
      ? await resolveImage(from, wanted, { platform, signal })
      : await from.manifest(wanted, { signal });
    const digest = top.descriptor.digest;
    const name = image.name ?? nameOf(reference, platform && digest);
    this.#name(top, name);
    const manifest = parseManifest(top.bytes, top.descriptor.mediaType);
    if (manifest.kind === "image") this.#dockerEntry(digest, manifest, name);
    await this.#manifest(from, top, manifest);
  }

  /** Gives the entries in their order. */
  async *entries(): AsyncGenerator<NewEntry> {
    yield text("oci-layout", `{"imageLayoutVersion":"1.0.0"}`);
    const listings = [...this.#referring].map(([subject, list]) =>
      this.#listing(subject, list)
    );
    yield text(
      "index.json",
      encodeGo(
        { schemaVersion: 2, manifests: [...this.#rows, ...listings] },
        SHAPES.ociIndex,
      ),
    );
    if (this.#docker.size > 0) {
      const entries = [...this.#docker.values()];
      yield text("manifest.json", encodeGo(entries, DOCKER_SHAPE));
    }
    yield directory("blobs/");
    const algorithms = new Set<string>();
    for (const { node, from, bytes } of this.#items.values()) {
      const algorithm = algorithmOf(node.digest);
      if (!algorithms.has(algorithm)) yield directory(`blobs/${algorithm}/`);
      algorithms.add(algorithm);
      const header = file(blobPath(node.digest), bytes?.length ?? node.size);
      yield { header, body: bytes ? [bytes] : this.#read(node, from) };
    }
  }

  async *#read(node: Descriptor, from?: Source): AsyncGenerator<Uint8Array> {
    const { signal, onBytes } = this.#options;
    for await (const chunk of await from?.open(node, { signal }) ?? []) {
      yield chunk;
      onBytes?.(chunk.length);
    }
  }

  /** Adds a manifest and what it reaches: itself first, each once. */
  async #manifest(
    from: Source,
    found: ManifestBytes,
    manifest: Manifest,
  ): Promise<void> {
    const node = found.descriptor;
    if (this.#items.has(node.digest)) return;
    this.#items.set(node.digest, { node, from, bytes: found.bytes });
    for (const child of childrenOf(manifest)) {
      if (this.#items.has(child.digest)) continue;
      if (manifest.kind === "index" && await this.#child(from, child)) continue;
      if (child.size < 0) throw unsized(child);
      this.#items.set(child.digest, { node: child, from });
    }
    if (this.#options.referrers) await this.#referrers(from, node);
  }

  /** Adds an entry of an index, unless it is a blob. */
  async #child(from: Source, node: Descriptor): Promise<boolean> {
    if (isBlobType(node.mediaType)) return false;
    const { signal } = this.#options;
    try {
      const found = await from.manifest(node.digest, { signal });
      const manifest = parseManifest(found.bytes, found.descriptor.mediaType);
      await this.#manifest(from, found, manifest);
      return true;
    } catch (error) {
      const isOther = error instanceof RegError &&
        ["not_found", "unsupported", "invalid"].includes(error.code);
      if (isManifestType(node.mediaType) || !isOther) throw error;
      return false;
    }
  }

  async #referrers(from: Source, subject: Descriptor): Promise<void> {
    if (!can(from, "referrers")) return;
    const { signal } = this.#options;
    const { descriptors } = await from.referrers(subject, { signal });
    if (descriptors.length === 0) return;
    this.#referring.set(subject.digest, descriptors);
    for (const node of descriptors) await this.#child(from, node);
  }

  /** Adds the list of a subject's referrers, and gives its row. */
  #listing(subject: string, referrers: readonly Descriptor[]): JsonObject {
    const bytes = encodeReferrers({ ...NO_REFERRERS, manifests: referrers });
    const { descriptor } = describeManifest(bytes);
    this.#items.set(descriptor.digest, { node: descriptor, bytes });
    return row(descriptor, { [REF_NAME]: fallbackTag(subject) });
  }

  #name(top: ManifestBytes, name: Reference): void {
    this.#rows.push(row(top.descriptor, {
      ...top.descriptor.annotations,
      [IMAGE_NAME]: commonName(name),
      ...(name.tag === "" ? {} : { [REF_NAME]: name.tag }),
    }));
  }

  #dockerEntry(
    digest: string,
    manifest: Manifest & { readonly kind: "image" },
    name: Reference,
  ): void {
    const tag = commonName(loadable(name));
    const known = this.#docker.get(digest);
    const tags = [...new Set([...known?.RepoTags ?? [], tag])];
    this.#docker.set(digest, {
      Config: blobPath(manifest.config.digest),
      RepoTags: tags,
      Layers: manifest.layers.map((layer) => blobPath(layer.digest)),
      LayerSources: Object.fromEntries(
        manifest.layers.map((layer) => [layer.digest, layer]),
      ),
    });
  }
}

/** A name under which engines load an image: they know no layouts. */
function loadable(name: Reference): Reference {
  return withTag(toRegistryReference(name), name.tag || "latest");
}

/** What an image without a name of its own is called, with its digest where it is one of several. */
function nameOf(reference: Reference, digest: string | undefined): Reference {
  if (reference.scheme !== "reg") return loadable(reference);
  return digest === undefined ? reference : addDigest(reference, digest);
}

/** An image in Docker's `manifest.json`. */
interface DockerEntry {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
  readonly LayerSources: Readonly<Record<string, Descriptor>>;
}

const DOCKER_SHAPE: Shape = {
  list: {
    struct: [
      ["Config", "text"],
      ["RepoTags", { list: "text" }],
      ["Layers", { list: "text" }],
      ["LayerSources", { map: SHAPES.descriptor }, "empty"],
    ],
  },
};

function row(
  { mediaType, digest, size }: Descriptor,
  annotations: Readonly<Record<string, string>>,
): JsonObject {
  return { mediaType, digest, size, annotations };
}

function blobPath(digest: string): string {
  return `blobs/${algorithmOf(digest)}/${hexOf(digest)}`;
}

function directory(name: string): NewEntry {
  return { header: { name, type: TYPE.directory, mode: 0o755 } };
}

function file(name: string, size: number): NewHeader {
  return { name, size, mode: 0o644 };
}

function text(name: string, content: string): NewEntry {
  const bytes = new TextEncoder().encode(content);
  return { header: file(name, bytes.length), body: [bytes] };
}

function unsized(node: Descriptor): RegError {
  return new RegError(
    "unsupported",
    `Cannot export blob ${node.digest}: its manifest does not tell its size`,
  );
}
