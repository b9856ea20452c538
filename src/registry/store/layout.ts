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
import { Batcher, type Outcome } from "../../base/batcher.ts";
import { RegError } from "../../base/errors.ts";
import type {
  Abilities,
  Body,
  CallOptions,
  Descriptor,
  PushOptions,
  Store,
} from "../core.ts";
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
import { verifyBytes } from "../verify.ts";
import { DirectoryReader, INDEX_FILE } from "./layout/directory_reader.ts";
import { LayoutFiles, PRIVATE } from "./layout/files.ts";
import { collectGarbage } from "./layout/garbage.ts";
import {
  digestsOf,
  encodeIndex,
  findTag,
  type LayoutIndex,
  makeRow,
  withoutDigest,
  withoutTag,
  withRow,
} from "./layout/rows.ts";
import { LayoutSession } from "./layout/session.ts";
import { LayoutSource } from "./layout/source.ts";
import { LAYOUT_FILE, LAYOUT_TEXT } from "./layout/version.ts";

/** Makes the next index from the one that is there. */
type Edit = (index: LayoutIndex) => LayoutIndex | Promise<LayoutIndex>;

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

/** A layout directory. Made by {@linkcode openLayout}. */
export class LayoutStore extends LayoutSource
  implements
    Store,
    Omit<Abilities, "mount" | "transfer" | "unlist">,
    AsyncDisposable {
  readonly #files: LayoutFiles;
  readonly #reader: DirectoryReader;
  readonly #options: LayoutOptions;
  #session: Promise<LayoutSession> | undefined;
  #making: Promise<LayoutIndex> | undefined;
  #modified = false;
  readonly #edits = new Batcher<Edit, void>((edits) => this.#apply(edits));
  /** Digests that lost a row. */
  readonly #orphans = new Set<string>();

  /** Use {@linkcode openLayout}, which also checks the version. */
  constructor(path: string, options: LayoutOptions = {}) {
    const files = new LayoutFiles(path);
    const reader = new DirectoryReader(files);
    super(`ocidir://${path}`, reader);
    this.#files = files;
    this.#reader = reader;
    this.#options = options;
  }

  /**
   * Tells whether the directory is a layout.
   *
   * @throws {RegError} `invalid` for another version.
   */
  async isThere(): Promise<boolean> {
    this.#reader.forget();
    return await this.#reader.isLayout();
  }

  /** Tells whether a blob or manifest of that size is there. */
  async exists(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<boolean> {
    if (!await this.#reader.isLayout()) return false;
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
    const isRow = !child || tag !== "";
    if (isRow || manifest.subject) {
      await this.#change(async (index) => {
        const listed = manifest.subject
          ? await this.#addReferrer(index, stored, manifest)
          : index;
        return isRow ? this.#named(listed, stored, tag) : listed;
      }, options);
    }
    options.onBytes?.(bytes.length);
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
    await this.index();
    await this.#write(options);
    await this.#change((index) => {
      const left = withoutTag(index, tag);
      if (left === index) throw this.notFound(tag);
      return this.#options.keepUntagged ? this.#keepRows(index, left) : left;
    }, options);
  }

  /** Deletes a manifest with all its tags, and takes it off its subject's list. */
  async deleteManifest(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<void> {
    await this.index();
    const path = this.#files.blobPath(node.digest);
    const manifest = await this.peek(node);
    await this.#write(options);
    await this.#change(async (index) => {
      const left = withoutDigest(index, node.digest);
      if (
        left === index && await this.#files.blobSize(node.digest) === undefined
      ) {
        throw this.notFound(node.digest);
      }
      for (const child of manifest ? childrenOf(manifest) : []) {
        this.#orphans.add(child.digest);
      }
      return manifest?.subject
        ? await this.#removeReferrer(left, node.digest, manifest.subject)
        : left;
    }, options);
    await this.#files.removeOwn(path);
  }

  /** Deletes a blob. */
  async deleteBlob(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<void> {
    await this.index();
    await this.#write(options);
    const path = this.#files.blobPath(node.digest);
    if (!await this.#files.removeOwn(path)) throw this.notFound(node.digest);
  }

  /** Removes what nobody reaches when the store is disposed, modified or not. */
  async collectAtEnd(options: CallOptions = {}): Promise<void> {
    if (!await this.isThere()) return;
    await this.#enter(options);
    this.#modified = true;
  }

  /** Leaves the layout, and removes what nobody reaches if it was modified. */
  async [Symbol.asyncDispose](): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    this.#reader.forget();
    if (session === undefined) return;
    const { collect = true, graceMs = 3_600_000 } = this.#options;
    const collects = collect && this.#modified;
    await session.leave(
      collect ? this.#orphans : new Set(),
      async (orphans) => {
        if (!collects && orphans.size === 0) return;
        // The first write may have failed, and left no layout.
        if (!await this.isThere()) return;
        const { index } = await this.index();
        await collectGarbage(this.#files, index, { orphans, graceMs });
      },
    );
    this.#modified = false;
    this.#orphans.clear();
  }

  /** Keeps garbage collectors away from now on. */
  async #enter(options: CallOptions): Promise<LayoutSession> {
    options.signal?.throwIfAborted();
    // Shared by all calls: none of them alone may end it.
    this.#session ??= LayoutSession.enter(this.#files);
    try {
      return await this.#session;
    } catch (error) {
      this.#session = undefined;
      throw error;
    }
  }

  /** Prepares for a write: makes the layout where it is missing. */
  async #write(options: CallOptions): Promise<void> {
    options.signal?.throwIfAborted();
    const isThere = await this.#reader.isLayout();
    const session = await this.#enter(options);
    this.#modified = true;
    if (isThere) return;
    this.#making ??= session.exclusively(() => this.#index()).finally(() =>
      this.#making = undefined
    );
    await this.#making;
  }

  /** The index as it is now, for who may change it; of a new layout where there is none. */
  async #index(): Promise<LayoutIndex> {
    const there = await this.#reader.fresh();
    if (there) return there.index;
    await this.#files.makeDirectory("blobs");
    await this.#files.replace(
      this.#files.path(LAYOUT_FILE),
      new TextEncoder().encode(LAYOUT_TEXT),
    );
    const { index, bytes } = await this.index();
    await this.#files.replace(this.#files.path(INDEX_FILE), bytes);
    return index;
  }

  /** Changes the index while nobody else does: one file for many changes at once. */
  async #change(edit: Edit, options: CallOptions): Promise<void> {
    await this.#enter(options);
    await this.#edits.run(edit, options);
  }

  async #apply(edits: readonly Edit[]): Promise<readonly Outcome<void>[]> {
    const session = await this.#enter({});
    return await session.exclusively(async () => {
      // Not what is remembered of it: others write it, too.
      const index = await this.#index();
      const outcomes: Outcome<void>[] = [];
      let next = index;
      for (const edit of edits) {
        try {
          next = await edit(next);
          outcomes.push({ result: undefined });
        } catch (error) {
          outcomes.push({ error });
        }
      }
      if (next === index) return outcomes;
      const path = this.#files.path(INDEX_FILE);
      await this.#files.replace(path, encodeIndex(next));
      const kept = digestsOf(next);
      for (const digest of digestsOf(index)) {
        if (!kept.has(digest)) this.#orphans.add(digest);
      }
      return outcomes;
    });
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
    const kept = digestsOf(after);
    return before.rows
      .filter((row) => !kept.has(row.descriptor.digest))
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
    const { bytes } = await this.read(node);
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
}
