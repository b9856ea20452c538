/**
 * An OCI image layout directory (`ocidir://`) as a store.
 *
 * Its index and its garbage are its own affair: what has a row in `index.json`,
 * and all that this reaches, is kept. Several processes may use one directory.
 *
 * See {@link https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md}.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { SingleFlight } from "../../base/single_flight.ts";
import type {
  Abilities,
  Body,
  CallOptions,
  Descriptor,
  Digest,
  ListOptions,
  ManifestBytes,
  OpenOptions,
  Page,
  PushOptions,
  Referrers,
  ReferrersOptions,
  Resolved,
  Store,
} from "../core.ts";
import { UNKNOWN_TYPE } from "../media_types.ts";
import { algorithmOf, isDigest, parseDigest } from "../digest.ts";
import { isJsonObject, parseJson } from "../go_json.ts";
import {
  childrenOf,
  describeManifest,
  type Manifest,
  MANIFEST_LIMIT,
  parseManifest,
} from "../manifest.ts";
import {
  addReferrer,
  fallbackTag,
  NO_REFERRERS,
  referrerOf,
  removeReferrer,
} from "../referrers_index.ts";
import { sized, verified, verifyBytes } from "../verify.ts";
import type { FileRange } from "./layout/file_stream.ts";
import { LayoutFiles, PRIVATE, removeFile } from "./layout/files.ts";
import { collectGarbage } from "./layout/garbage.ts";
import {
  EMPTY_INDEX,
  encodeIndex,
  findDigest,
  findTag,
  INDEX_LIMIT,
  type LayoutIndex,
  makeRow,
  parseIndex,
  type Row,
  tagsOf,
  withoutDigest,
  withoutTag,
  withRow,
} from "./layout/rows.ts";
import { LayoutSession } from "./layout/session.ts";

/** Options for {@linkcode openLayout}. */
export interface LayoutOptions {
  /** What the rows that are written say of their time. @default {now} */
  readonly created?: Date | undefined;
  /** Whether what nobody reaches is removed at the end. @default {true} */
  readonly collect?: boolean | undefined;
  /**
   * How old unreachable files must be before they are removed, in milliseconds,
   * unless it was this store that cut them off. Younger ones may be what a
   * program without our locks is writing. @default {3_600_000}
   */
  readonly graceMs?: number | undefined;
  /** Keeps a row for a manifest that loses its last tag, as registries do. @default {false} */
  readonly keepUntagged?: boolean | undefined;
}

/**
 * Opens a layout directory, which need not be there yet: the first write makes
 * it. Dispose the store when it is done: that removes what nobody reaches.
 *
 * @param path The directory.
 * @throws {RegError} `invalid` for a directory of another version.
 */
export async function openLayout(
  path: string,
  options: LayoutOptions = {},
): Promise<LayoutStore> {
  const store = new LayoutStore(path, options);
  await store.isThere();
  return store;
}

const VERSION = "1.0.0";
const LAYOUT_FILE = "oci-layout";
const INDEX_FILE = "index.json";

/** A layout directory. Made by {@linkcode openLayout}. */
export class LayoutStore
  implements
    Store,
    Omit<Abilities, "mount" | "transfer" | "unlist">,
    AsyncDisposable {
  /** How messages name it: `ocidir://PATH`. */
  readonly name: string;
  /** The same: a layout is a host with one repository. */
  readonly host: string;
  /** Empty. */
  readonly repository: string = "";
  readonly #files: LayoutFiles;
  readonly #options: LayoutOptions;
  readonly #entering = new SingleFlight<string, LayoutSession>();
  #session: LayoutSession | undefined;
  #modified = false;
  /** Digests that lost a row. */
  readonly #orphans = new Set<string>();

  /** Use {@linkcode openLayout}, which also checks the version. */
  constructor(path: string, options: LayoutOptions = {}) {
    this.name = this.host = `ocidir://${path}`;
    this.#files = new LayoutFiles(path);
    this.#options = options;
  }

  /**
   * Tells whether the directory is a layout.
   *
   * @throws {RegError} `invalid` for another version.
   */
  async isThere(): Promise<boolean> {
    const path = this.#files.path(LAYOUT_FILE);
    const bytes = await this.#files.read(path, 4096);
    if (bytes === undefined) return false;
    const version = versionOf(bytes);
    if (version === VERSION) return true;
    throw new RegError(
      "invalid",
      `Cannot use ${this.name}: unsupported oci layout version, expected ${VERSION}, received ${version}`,
    );
  }

  /** Turns a tag (`latest` where empty) or a digest into a descriptor. */
  async resolve(
    tagOrDigest: string,
    options: CallOptions = {},
  ): Promise<Resolved> {
    options.signal?.throwIfAborted();
    const node = await this.#find(tagOrDigest);
    if (node.mediaType === "") return (await this.#read(node)).descriptor;
    const size = await this.#files.blobSize(node.digest);
    if (size === undefined) throw this.#notFound(tagOrDigest);
    return { ...node, size };
  }

  /** Reads a manifest by tag or digest, and verifies it. */
  async manifest(
    tagOrDigest: string,
    options: CallOptions = {},
  ): Promise<ManifestBytes> {
    options.signal?.throwIfAborted();
    return await this.#read(await this.#find(tagOrDigest));
  }

  /** Streams a blob's bytes, and errors the stream unless size and digest match. */
  async open(
    node: Descriptor,
    options: OpenOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const { offset = 0, verify = true, signal } = options;
    signal?.throwIfAborted();
    const stream = await this.#files.openBlob(node.digest, { start: offset });
    if (!verify) return stream;
    return offset === 0
      ? verified(stream, node)
      : sized(stream, node.size < 0 ? -1 : node.size - offset);
  }

  /** Streams a part of a blob as it is: for those who verify, or serve. */
  async openRange(
    digest: string,
    range: FileRange = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return await this.#files.openBlob(digest, range);
  }

  /** The size of a blob or manifest in bytes; `undefined` where there is none. */
  async size(digest: string): Promise<number | undefined> {
    return await this.#files.blobSize(digest);
  }

  /** Tells whether a blob or manifest of that size is there. */
  async exists(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<boolean> {
    if (!await this.isThere()) return false;
    // What we rely on must not be collected before we have named it.
    await this.#enter(options);
    const size = await this.#files.blobSize(node.digest);
    return size !== undefined && (node.size < 0 || size === node.size);
  }

  /** Stores a blob. One that broke off is gone on with at the next attempt. */
  async push(
    node: Descriptor,
    body: Body,
    options: PushOptions = {},
  ): Promise<void> {
    await this.#write(options);
    await this.#files.write(node, body, options);
  }

  /**
   * Makes a file a blob by moving it; see {@linkcode LayoutStore.temporaryDirectory}.
   *
   * @param options `isVerified`: the caller has hashed the bytes.
   */
  async adopt(
    path: string,
    node: Descriptor,
    options: CallOptions & { readonly isVerified?: boolean } = {},
  ): Promise<void> {
    await this.#write(options);
    await this.#files.adopt(path, node, options.isVerified ?? false);
  }

  /**
   * A directory on the layout's file system for files that will be adopted.
   * What is left in it is removed once nobody uses the layout.
   */
  async temporaryDirectory(options: CallOptions = {}): Promise<string> {
    await this.#write(options);
    return await this.#files.makeDirectory(PRIVATE, "temporary");
  }

  /** Stores a manifest, with a row in the index unless it is a `child`. */
  async putManifest(
    node: Descriptor,
    bytes: Uint8Array,
    options: PushOptions = {},
  ): Promise<void> {
    const { tag = "", child = false } = options;
    if (bytes.length > MANIFEST_LIMIT) {
      throw new RegError(
        "limit",
        `manifest too large, received ${bytes.length}, limit ${MANIFEST_LIMIT}`,
      );
    }
    verifyBytes(bytes, node);
    const manifest = parseManifest(bytes, node.mediaType);
    const stored = { ...node, mediaType: manifest.mediaType };
    await this.#write(options);
    await this.#files.writeBytes(node.digest, bytes);
    await this.#change(async (index) => {
      const listed = manifest.subject
        ? await this.#addReferrer(index, stored, manifest)
        : index;
      return child && tag === "" ? listed : this.#named(listed, stored, tag);
    }, options);
    options.onBytes?.(bytes.length);
  }

  /** Gives all tags in one page, sorted. */
  async *tags(options: ListOptions = {}): AsyncIterable<Page> {
    const { last = "", limit = Infinity, signal } = options;
    signal?.throwIfAborted();
    const { index, bytes } = await this.#index();
    const names = tagsOf(index).filter((tag) => tag > last).slice(0, limit);
    yield { names, bytes };
  }

  /** The rows of the index: each with its name, which may be empty. */
  async entries(): Promise<readonly Pick<Row, "descriptor" | "name">[]> {
    return (await this.#index()).index.rows;
  }

  /** Lists the manifests whose subject is `node`, from the fallback tag. */
  async referrers(
    node: Descriptor,
    options: ReferrersOptions = {},
  ): Promise<Referrers> {
    const { slow = false, signal } = options;
    const { index } = await this.#index();
    const tag = fallbackTag(node.digest);
    const row = findTag(index, tag);
    const found = row && await this.#read(row.descriptor);
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

  /** Points a tag at a manifest that is there. */
  async tag(
    node: Descriptor,
    tag: string,
    options: CallOptions = {},
  ): Promise<void> {
    const target = await this.resolve(node.digest, options);
    await this.#write(options);
    await this.#change((index) => this.#named(index, target, tag), options);
  }

  /** Deletes a tag, also where it is the end of a full name. */
  async untag(tag: string, options: CallOptions = {}): Promise<void> {
    await this.#mustBeThere();
    await this.#write(options);
    await this.#change((index) => {
      const left = withoutTag(index, tag);
      if (left === index) throw this.#notFound(tag);
      return this.#options.keepUntagged ? this.#keepRows(index, left) : left;
    }, options);
  }

  /** Deletes a manifest with all its tags, and takes it off its subject's list. */
  async deleteManifest(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<void> {
    await this.#mustBeThere();
    const path = this.#files.blobPath(node.digest);
    const manifest = await this.#peek(node);
    await this.#write(options);
    await this.#change(async (index) => {
      const left = withoutDigest(index, node.digest);
      if (
        left === index && await this.#files.blobSize(node.digest) === undefined
      ) {
        throw this.#notFound(node.digest);
      }
      for (const child of manifest ? childrenOf(manifest) : []) {
        this.#orphans.add(child.digest);
      }
      return manifest?.subject
        ? await this.#removeReferrer(left, node.digest, manifest.subject)
        : left;
    }, options);
    await removeFile(path);
  }

  /** Describes a blob by its digest. */
  async stat(digest: Digest, options: CallOptions = {}): Promise<Resolved> {
    options.signal?.throwIfAborted();
    const size = await this.#files.blobSize(digest);
    if (size === undefined) throw this.#notFound(digest);
    return { mediaType: UNKNOWN_TYPE, digest, size };
  }

  /** Deletes a blob. */
  async deleteBlob(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<void> {
    await this.#mustBeThere();
    await this.#write(options);
    const path = this.#files.blobPath(node.digest);
    if (!await removeFile(path)) throw this.#notFound(node.digest);
  }

  /** Removes what nobody reaches when the store is disposed, modified or not. */
  async collectAtEnd(options: CallOptions = {}): Promise<void> {
    if (!await this.isThere()) return;
    await this.#enter(options);
    this.#modified = true;
  }

  /** Leaves the layout, and removes what nobody reaches if it was modified. */
  async [Symbol.asyncDispose](): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    const { collect = true, graceMs = 3_600_000 } = this.#options;
    const collects = collect && this.#modified;
    await session.leave(
      collect ? this.#orphans : new Set(),
      async (orphans) => {
        if (!collects && orphans.size === 0) return;
        const { index } = await this.#index();
        await collectGarbage(this.#files, index, { orphans, graceMs });
      },
    );
    this.#modified = false;
    this.#orphans.clear();
  }

  /** The descriptor that a tag or a digest names; its media type may be empty. */
  async #find(tagOrDigest: string): Promise<Descriptor> {
    await this.#mustBeThere();
    const { index } = await this.#index();
    if (!tagOrDigest.includes(":")) {
      const row = findTag(index, tagOrDigest || "latest");
      if (row) return row.descriptor;
      throw this.#notFound(tagOrDigest || "latest");
    }
    const digest = parseDigest(tagOrDigest);
    const row = findDigest(index, digest);
    if (row) return row.descriptor;
    const size = await this.#files.blobSize(digest);
    if (size === undefined) throw this.#notFound(digest);
    return { mediaType: "", digest, size };
  }

  /** Reads and verifies a manifest that has, or may have, a row. */
  async #read(node: Descriptor): Promise<ManifestBytes> {
    const path = this.#files.blobPath(node.digest);
    const bytes = await this.#files.read(path, MANIFEST_LIMIT);
    if (bytes === undefined) throw this.#notFound(node.digest);
    verifyBytes(bytes, node);
    const algorithm = algorithmOf(node.digest);
    return describeManifest(bytes, node.mediaType, algorithm);
  }

  /** Reads a manifest if it can be read. */
  async #peek(node: Descriptor): Promise<Manifest | undefined> {
    try {
      const { bytes } = await this.#read({ ...node, mediaType: "", size: -1 });
      return parseManifest(bytes);
    } catch (error) {
      if (error instanceof RegError && error.code !== "file") return undefined;
      throw error;
    }
  }

  async #index(): Promise<{ index: LayoutIndex; bytes: Uint8Array }> {
    const path = this.#files.path(INDEX_FILE);
    const bytes = await this.#files.read(path, INDEX_LIMIT);
    if (bytes !== undefined) return { index: parseIndex(bytes, path), bytes };
    await this.#mustBeThere();
    return { index: EMPTY_INDEX, bytes: encodeIndex(EMPTY_INDEX) };
  }

  /** Keeps garbage collectors away from now on. */
  async #enter(options: CallOptions): Promise<LayoutSession> {
    this.#session ??= await this.#entering.run(
      "",
      () => LayoutSession.enter(this.#files, options),
    );
    return this.#session;
  }

  /** Prepares for a write: makes the layout where it is missing. */
  async #write(options: CallOptions): Promise<void> {
    options.signal?.throwIfAborted();
    const isThere = await this.isThere();
    await this.#enter(options);
    this.#modified = true;
    if (isThere) return;
    await this.#files.makeDirectory("blobs");
    const text = JSON.stringify({ imageLayoutVersion: VERSION });
    await this.#files.replace(
      this.#files.path(LAYOUT_FILE),
      new TextEncoder().encode(text),
    );
  }

  /** Changes the index while nobody else does. */
  async #change(
    edit: (index: LayoutIndex) => LayoutIndex | Promise<LayoutIndex>,
    options: CallOptions,
  ): Promise<void> {
    const session = await this.#enter(options);
    await session.exclusively(async () => {
      const { index } = await this.#index();
      const next = await edit(index);
      if (next === index) return;
      const path = this.#files.path(INDEX_FILE);
      await this.#files.replace(path, encodeIndex(next));
      for (const { descriptor } of index.rows) {
        if (
          !next.rows.some((row) => row.descriptor.digest === descriptor.digest)
        ) {
          this.#orphans.add(descriptor.digest);
        }
      }
    }, options);
  }

  /** The index with a row for a manifest. */
  #named(index: LayoutIndex, node: Descriptor, tag: string): LayoutIndex {
    const row = makeRow(node, tag, this.#options.created ?? new Date());
    const next = withRow(index, row);
    return this.#options.keepUntagged ? this.#keepRows(index, next) : next;
  }

  /** Gives manifests that would lose their last row a nameless one. */
  #keepRows(before: LayoutIndex, after: LayoutIndex): LayoutIndex {
    const created = this.#options.created ?? new Date();
    return before.rows
      .filter((row) => findDigest(after, row.descriptor.digest) === undefined)
      .reduce(
        (index, row) => withRow(index, makeRow(row.descriptor, "", created)),
        after,
      );
  }

  /** Puts a manifest on its subject's list. */
  async #addReferrer(
    index: LayoutIndex,
    node: Descriptor,
    manifest: Manifest,
  ): Promise<LayoutIndex> {
    const subject = manifest.subject?.digest ?? "";
    const tag = fallbackTag(subject);
    const row = findTag(index, tag);
    const json = row ? await this.#listing(row.descriptor) : NO_REFERRERS;
    const bytes = addReferrer(json, referrerOf(node, manifest));
    return bytes ? await this.#putListing(index, tag, bytes) : index;
  }

  /** Takes a manifest off its subject's list. */
  async #removeReferrer(
    index: LayoutIndex,
    digest: string,
    subject: Descriptor,
  ): Promise<LayoutIndex> {
    const tag = fallbackTag(subject.digest);
    const row = findTag(index, tag);
    if (!row) return index;
    const bytes = removeReferrer(await this.#listing(row.descriptor), digest);
    if (bytes === undefined) return index;
    return bytes === "empty"
      ? withoutTag(index, tag)
      : await this.#putListing(index, tag, bytes);
  }

  async #listing(node: Descriptor) {
    const { bytes } = await this.#read(node);
    const json = parseJson(new TextDecoder().decode(bytes));
    return isJsonObject(json) ? json : NO_REFERRERS;
  }

  async #putListing(
    index: LayoutIndex,
    tag: string,
    bytes: Uint8Array,
  ): Promise<LayoutIndex> {
    const { descriptor } = describeManifest(bytes);
    await this.#files.writeBytes(descriptor.digest, bytes);
    const created = this.#options.created ?? new Date();
    return withRow(index, makeRow(descriptor, tag, created));
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
      const manifest = await this.#peek(descriptor);
      if (manifest?.subject?.digest !== subject) continue;
      found.push(referrerOf(descriptor, manifest));
    }
    return found;
  }

  async #mustBeThere(): Promise<void> {
    if (await this.isThere()) return;
    throw new RegError(
      "not_found",
      `Cannot open ${this.name}: no "${LAYOUT_FILE}" is there: not found`,
    );
  }

  #notFound(tagOrDigest: string): RegError {
    const mark = isDigest(tagOrDigest) ? "@" : ":";
    return new RegError(
      "not_found",
      `Cannot find ${this.name}${mark}${tagOrDigest}: not found`,
    );
  }
}

function versionOf(bytes: Uint8Array): string {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const version = isJsonObject(json) ? json["imageLayoutVersion"] : "";
    return String(version ?? "");
  } catch {
    return "";
  }
}
