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
import type {
  Abilities,
  Body,
  CallOptions,
  Descriptor,
  PushOptions,
  Store,
} from "../core.ts";
import { childrenOf, MANIFEST_LIMIT, parseManifest } from "../manifest.ts";
import { verifyBytes } from "../verify.ts";
import { DirectoryReader } from "./layout/directory_reader.ts";
import { LayoutFiles, PRIVATE } from "./layout/files.ts";
import { IndexFile } from "./layout/index_file.ts";
import { type Edit, IndexWriter } from "./layout/index_writer.ts";
import { withoutDigest, withoutTag } from "./layout/rows.ts";
import type { LayoutSession } from "./layout/session.ts";
import { LayoutSource } from "./layout/source.ts";

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
  await store.look();
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
  readonly #writer: IndexWriter;
  readonly #options: LayoutOptions;
  #session: Promise<LayoutSession> | undefined;
  #making: Promise<void> | undefined;
  #modified = false;

  /** Use {@linkcode openLayout}, which also checks the version. */
  constructor(path: string, options: LayoutOptions = {}) {
    const files = new LayoutFiles(path);
    const indexFile = new IndexFile(files);
    const reader = new DirectoryReader(files, indexFile);
    super(`ocidir://${path}`, reader);
    this.#files = files;
    this.#reader = reader;
    this.#options = options;
    this.#writer = new IndexWriter({
      ...options,
      files,
      indexFile,
      reader,
      read: async (node) => (await this.read(node)).bytes,
    });
  }

  /**
   * Reads the version and the index, for all that follows.
   *
   * @throws {RegError} `invalid` for another version.
   */
  async look(): Promise<void> {
    await this.#reader.look();
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
      await this.#change(async (index, listings) => {
        await listings.add(index, stored, manifest);
        if (!isRow) return index;
        const listed = await listings.flush(index);
        return this.#writer.named(listed, stored, tag);
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
    await this.#change(
      async (index, listings) =>
        this.#writer.named(await listings.flush(index), target, tag),
      options,
    );
  }

  /** Deletes a tag, also where it is the end of a full name. */
  async untag(tag: string, options: CallOptions = {}): Promise<void> {
    await this.index();
    await this.#write(options);
    await this.#change(async (before, listings) => {
      const index = await listings.flush(before);
      const left = withoutTag(index, tag);
      if (left === index) throw this.notFound(tag);
      return this.#writer.kept(index, left);
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
    await this.#change(async (before, listings) => {
      const index = await listings.flush(before);
      const left = withoutDigest(index, node.digest);
      if (
        left === index && await this.#files.blobSize(node.digest) === undefined
      ) {
        throw this.notFound(node.digest);
      }
      for (const child of manifest ? childrenOf(manifest) : []) {
        this.#writer.orphans.add(child.digest);
      }
      if (manifest?.subject) {
        await listings.remove(left, node.digest, manifest.subject);
      }
      return left;
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
      collect ? this.#writer.orphans : new Set(),
      async (orphans) => {
        if (!collects && orphans.size === 0) return;
        // The first write may have failed, and left no layout.
        if (!await this.isThere()) return;
        const { index } = await this.index();
        const { collectGarbage } = await import("./layout/garbage.ts");
        await collectGarbage(this.#files, index, { orphans, graceMs });
      },
    );
    this.#modified = false;
    this.#writer.orphans.clear();
  }

  /** Keeps garbage collectors away from now on. */
  async #enter(options: CallOptions): Promise<LayoutSession> {
    options.signal?.throwIfAborted();
    // Shared by all calls: none of them alone may end it.
    this.#session ??= enter(this.#files);
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
    this.#making ??= this.#writer.make(session).finally(() =>
      this.#making = undefined
    );
    await this.#making;
  }

  async #change(edit: Edit, options: CallOptions): Promise<void> {
    await this.#writer.change(await this.#enter(options), edit, options);
  }
}

/** Loaded here: reading needs no locks. */
async function enter(files: LayoutFiles): Promise<LayoutSession> {
  const { LayoutSession } = await import("./layout/session.ts");
  return await LayoutSession.enter(files);
}
