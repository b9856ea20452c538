/**
 * The reading half of a layout, wherever its files are: in a directory, in an
 * archive.
 *
 * @module
 */
import { RegError } from "../../../base/errors.ts";
import type {
  Abilities,
  CallOptions,
  Descriptor,
  Digest,
  ListOptions,
  ManifestBytes,
  OpenOptions,
  Page,
  Referrers,
  ReferrersOptions,
  Resolved,
  Source,
} from "../../core.ts";
import { algorithmOf, isDigest, parseDigest } from "../../digest.ts";
import {
  describeManifest,
  type Manifest,
  MANIFEST_LIMIT,
  parseManifest,
} from "../../manifest.ts";
import { UNKNOWN_TYPE } from "../../media_types.ts";
import { fallbackTag, referrerOf } from "../../referrers_index.ts";
import { sized, verified, verifyBytes } from "../../verify.ts";
import type { FileRange } from "./file_stream.ts";
import {
  findDigest,
  findTag,
  type LayoutIndex,
  type Row,
  tagsOf,
} from "./rows.ts";

/** Where the files of a layout are. */
export interface LayoutReader {
  /** What its `index.json` says, and its bytes; `undefined` where there is no layout. */
  index(): Promise<{ index: LayoutIndex; bytes: Uint8Array } | undefined>;
  /** The size of a blob in bytes; `undefined` where there is none. */
  blobSize(digest: string): Promise<number | undefined>;
  /** Reads a small blob; `undefined` where there is none. */
  readBlob(digest: string, limit: number): Promise<Uint8Array | undefined>;
  /** Streams a blob as it is. */
  openBlob(
    digest: string,
    range?: FileRange,
  ): Promise<ReadableStream<Uint8Array>>;
}

/** A layout to read. */
export class LayoutSource
  implements Source, Pick<Abilities, "tags" | "referrers" | "stat"> {
  /** How messages name it. */
  readonly name: string;
  /** The same: a layout is a host with one repository. */
  readonly host: string;
  /** Empty. */
  readonly repository: string = "";
  readonly #reader: LayoutReader;

  /**
   * Reads a layout.
   *
   * @param name How messages name it.
   */
  constructor(name: string, reader: LayoutReader) {
    this.name = this.host = name;
    this.#reader = reader;
  }

  /** Turns a tag (`latest` where empty) or a digest into a descriptor. */
  async resolve(
    tagOrDigest: string,
    options: CallOptions = {},
  ): Promise<Resolved> {
    options.signal?.throwIfAborted();
    const node = await this.#find(tagOrDigest);
    if (node.mediaType === "") return (await this.read(node)).descriptor;
    const size = await this.#reader.blobSize(node.digest);
    if (size === undefined) throw this.notFound(tagOrDigest);
    return { ...node, size };
  }

  /** Reads a manifest by tag or digest, and verifies it. */
  async manifest(
    tagOrDigest: string,
    options: CallOptions = {},
  ): Promise<ManifestBytes> {
    options.signal?.throwIfAborted();
    return await this.read(await this.#find(tagOrDigest));
  }

  /** Streams a blob's bytes, and errors the stream unless size and digest match. */
  async open(
    node: Descriptor,
    options: OpenOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const { offset = 0, verify = true, signal } = options;
    signal?.throwIfAborted();
    const stream = await this.#reader.openBlob(node.digest, { start: offset });
    if (!verify) return stream;
    return offset === 0
      ? verified(stream, node)
      : sized(stream, node.size < 0 ? -1 : node.size - offset);
  }

  /** Describes a blob by its digest. */
  async stat(digest: Digest, options: CallOptions = {}): Promise<Resolved> {
    options.signal?.throwIfAborted();
    const size = await this.#reader.blobSize(digest);
    if (size === undefined) throw this.notFound(digest);
    return { mediaType: UNKNOWN_TYPE, digest, size };
  }

  /** Streams a part of a blob as it is: for those who verify, or serve. */
  async openRange(
    digest: string,
    range: FileRange = {},
  ): Promise<ReadableStream<Uint8Array>> {
    return await this.#reader.openBlob(digest, range);
  }

  /** The size of a blob or manifest in bytes; `undefined` where there is none. */
  async size(digest: string): Promise<number | undefined> {
    return await this.#reader.blobSize(digest);
  }

  /** Gives all tags in one page, sorted. */
  async *tags(options: ListOptions = {}): AsyncIterable<Page> {
    const { last = "", limit = Infinity, signal } = options;
    signal?.throwIfAborted();
    const { index, bytes } = await this.index();
    const names = tagsOf(index).filter((tag) => tag > last).slice(0, limit);
    yield { names, bytes };
  }

  /** The rows of the index: each with its name, which may be empty. */
  async entries(): Promise<readonly Pick<Row, "descriptor" | "name">[]> {
    return (await this.index()).index.rows;
  }

  /** Lists the manifests whose subject is `node`, from the fallback tag. */
  async referrers(
    node: Descriptor,
    options: ReferrersOptions = {},
  ): Promise<Referrers> {
    const { slow = false, signal } = options;
    const { index } = await this.index();
    const tag = fallbackTag(node.digest);
    const row = findTag(index, tag);
    const found = row && await this.read(row.descriptor);
    const listing = found && parseManifest(found.bytes);
    const listed = listing?.kind === "index" ? listing.manifests : [];
    const more = slow ? await this.#scan(index, node.digest, signal) : [];
    const known = new Set<string>(listed.map((item) => item.digest));
    return {
      descriptors: [
        ...listed,
        ...more.filter((item) => !known.has(item.digest)),
      ],
      annotations: listing?.annotations ?? {},
      ...(found ? { bytes: found.bytes } : {}),
      fallbackTag: tag,
    };
  }

  /** The index and its bytes. */
  protected async index(): Promise<{ index: LayoutIndex; bytes: Uint8Array }> {
    const found = await this.#reader.index();
    if (found) return found;
    throw new RegError(
      "not_found",
      `Cannot open ${this.name}: no "oci-layout" is there: not found`,
    );
  }

  /** Reads and verifies a manifest that has, or may have, a row. */
  protected async read(node: Descriptor): Promise<ManifestBytes> {
    const bytes = await this.#reader.readBlob(node.digest, MANIFEST_LIMIT);
    if (bytes === undefined) throw this.notFound(node.digest);
    verifyBytes(bytes, node);
    const algorithm = algorithmOf(node.digest);
    const described = describeManifest(bytes, node.mediaType, algorithm);
    return {
      ...described,
      descriptor: { ...node, ...described.descriptor },
    };
  }

  /** Reads a manifest if it can be read. */
  protected async peek(node: Descriptor): Promise<Manifest | undefined> {
    try {
      const { bytes } = await this.read({ ...node, mediaType: "", size: -1 });
      return parseManifest(bytes);
    } catch (error) {
      if (error instanceof RegError && error.code !== "file") return undefined;
      throw error;
    }
  }

  /** The error of a tag or a digest that is not there. */
  protected notFound(tagOrDigest: string): RegError {
    const mark = isDigest(tagOrDigest) ? "@" : ":";
    return new RegError(
      "not_found",
      `Cannot find ${this.name}${mark}${tagOrDigest}: not found`,
    );
  }

  /**
   * The descriptor that a tag or a digest names. Of a digest without a row, which
   * need not be there, nothing else is known: no media type, a size of -1.
   */
  async #find(tagOrDigest: string): Promise<Descriptor> {
    const { index } = await this.index();
    if (!tagOrDigest.includes(":")) {
      const row = findTag(index, tagOrDigest || "latest");
      if (row) return row.descriptor;
      throw this.notFound(tagOrDigest || "latest");
    }
    const digest = parseDigest(tagOrDigest);
    return findDigest(index, digest)?.descriptor ??
      { mediaType: "", digest, size: -1 };
  }

  /** Opens every manifest that has a row, to look for those with a subject. */
  async #scan(
    index: LayoutIndex,
    subject: string,
    signal: AbortSignal | undefined,
  ): Promise<Descriptor[]> {
    const found: Descriptor[] = [];
    for (const { descriptor } of index.rows) {
      signal?.throwIfAborted();
      const manifest = await this.peek(descriptor);
      if (manifest?.subject?.digest !== subject) continue;
      found.push(referrerOf(descriptor, manifest));
    }
    return found;
  }
}
