/**
 * A registry's content in a folder of OCI layouts, one a repository: what
 * `ocidir://` writes is served, and what is pushed `ocidir://` reads.
 *
 * @module
 */
import { join } from "node:path";
import { createHash } from "node:crypto";
import { isRegError, messageOf, RegError } from "../base/errors.ts";
import { collect } from "../base/streams.ts";
import type { Descriptor, Digest } from "../registry/core.ts";
import { algorithmOf, hexOf } from "../registry/digest.ts";
import { MANIFEST_LIMIT } from "../registry/manifest.ts";
import { LayoutStore } from "../registry/store/layout.ts";
import { FileSpool } from "./file_spool.ts";
import { folderOf, repositoriesIn, UPLOADS } from "./folder_names.ts";
import { type OpenLayout, OpenLayouts } from "./open_layouts.ts";
import { compareNames } from "./pages.ts";
import type { ByteRange } from "./ranges.ts";
import type { Spool } from "./spool.ts";
import type { NewManifest, Repository, Storage } from "./storage.ts";

/** Options for {@linkcode FolderStorage.collect}. */
export interface CollectOptions {
  /** How old what nobody reaches must be to be removed, in milliseconds. */
  readonly graceMs: number;
}

/** Uploads that nobody went on with for so long are removed at start, in milliseconds. */
const FORGOTTEN_MS = 7 * 86_400_000;

/** Repositories in a folder. Made by {@linkcode openFolder}. */
export class FolderStorage implements Storage {
  /** The folder. */
  readonly root: string;
  readonly #layouts: OpenLayouts;

  /** Use {@linkcode openFolder}, which also looks whether the folder will do. */
  constructor(root: string) {
    this.root = root;
    this.#layouts = new OpenLayouts(root);
  }

  /** The names of the repositories that hold something, in code unit order. */
  async repositories(): Promise<readonly string[]> {
    const names = await Array.fromAsync(repositoriesIn(this.root));
    return names.sort(compareNames);
  }

  /** A repository. */
  repository(name: string): Repository {
    return new FolderRepository(name, this, this.#layouts);
  }

  /** Removes what no manifest reaches, and uploads that nobody went on with. */
  async collect(options: CollectOptions): Promise<void> {
    const { graceMs } = options;
    await this.removeUploads(graceMs);
    for (const name of await this.repositories()) {
      await using layout = new LayoutStore(folderOf(this.root, name), {
        graceMs,
        keepUntagged: true,
      });
      await layout.collectAtEnd();
    }
  }

  /** Leaves all layouts; what is pushed stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#layouts[Symbol.asyncDispose]();
  }

  /** The file of an upload. */
  uploadPath(name: string, id: string): string {
    // The name is part of it, so that no other repository can go on with it.
    const owner = createHash("sha256").update(name).digest("hex").slice(0, 32);
    return join(this.root, UPLOADS, `${id}.${owner}`);
  }

  /** Removes the bytes of uploads that nobody touched for so long. */
  async removeUploads(ageMs: number): Promise<void> {
    const oldest = Date.now() - ageMs;
    const folder = join(this.root, UPLOADS);
    // A link would lead to files of somebody else.
    if (!(await Deno.lstat(folder)).isDirectory) return;
    for await (const { name } of Deno.readDir(folder)) {
      const path = join(folder, name);
      const { mtime } = await Deno.stat(path);
      if ((mtime?.getTime() ?? 0) < oldest) await Deno.remove(path);
    }
  }
}

/** Options for {@linkcode openFolder}. */
export interface OpenFolderOptions {
  /** Writes nothing: the folder must be there. @default {false} */
  readonly readOnly?: boolean | undefined;
}

/**
 * Opens a folder of layouts; makes it where it is missing.
 *
 * @throws {RegError} `usage` for a folder that is itself a layout, `file` for
 * one that cannot be used.
 */
export async function openFolder(
  root: string,
  options: OpenFolderOptions = {},
): Promise<FolderStorage> {
  if (await new LayoutStore(root).isThere()) {
    throw new RegError(
      "usage",
      `Cannot serve ${
        JSON.stringify(root)
      }: it is itself a layout, serve the folder that it is in`,
    );
  }
  try {
    if (options.readOnly) await Array.fromAsync(Deno.readDir(root));
    else await Deno.mkdir(join(root, UPLOADS), { recursive: true });
  } catch (cause) {
    throw new RegError(
      "file",
      `Cannot use the folder ${JSON.stringify(root)}: ${messageOf(cause)}`,
      { cause },
    );
  }
  const storage = new FolderStorage(root);
  if (!options.readOnly) await storage.removeUploads(FORGOTTEN_MS);
  return storage;
}

/** A view of one repository; it costs nothing until it is used. */
class FolderRepository implements Repository {
  readonly name: string;
  readonly #storage: FolderStorage;
  readonly #layouts: OpenLayouts;

  constructor(name: string, storage: FolderStorage, layouts: OpenLayouts) {
    this.name = name;
    this.#storage = storage;
    this.#layouts = layouts;
  }

  #toRead(): OpenLayout {
    return this.#layouts.toRead(this.name);
  }

  #toWrite(): OpenLayout {
    return this.#layouts.toWrite(this.name);
  }

  async exists(): Promise<boolean> {
    return await this.#toRead().layout.isThere();
  }

  async size(digest: Digest): Promise<number | undefined> {
    return await this.#toRead().layout.size(digest);
  }

  async open(
    digest: Digest,
    range: ByteRange,
  ): Promise<ReadableStream<Uint8Array> | undefined> {
    return await found(this.#toRead().layout.openRange(digest, range));
  }

  async mount(digest: Digest, from: Repository): Promise<boolean> {
    const size = await from.size(digest);
    if (size === undefined || !(from instanceof FolderRepository)) return false;
    const spool = await this.createSpool(crypto.randomUUID());
    if (!await linkFile(await from.#blobPath(digest), spool.path)) return false;
    await this.adopt(spool, digest);
    // Moving a file onto itself leaves it where it was.
    await spool.remove();
    return true;
  }

  async #blobPath(digest: Digest): Promise<string> {
    const folder = folderOf(this.#storage.root, this.name);
    return await Deno.realPath(
      join(folder, "blobs", algorithmOf(digest), hexOf(digest)),
    );
  }

  async removeBlob(digest: Digest): Promise<boolean> {
    const { layout, catalog } = this.#toRead();
    const size = await layout.size(digest);
    // The file of a manifest is not a blob's to take away.
    if (size === undefined || await catalog.hasRow(digest)) return false;
    const node = { mediaType: "application/octet-stream", digest, size };
    const done = this.#toWrite().layout.deleteBlob(node).then(() => true);
    return await found(done) ?? false;
  }

  createSpool(id: string): Promise<FileSpool> {
    return Promise.resolve(
      new FileSpool(this.#storage.uploadPath(this.name, id)),
    );
  }

  async findSpool(id: string): Promise<Spool | undefined> {
    return await FileSpool.find(this.#storage.uploadPath(this.name, id));
  }

  async adopt(spool: Spool, digest: Digest): Promise<void> {
    if (!(spool instanceof FileSpool)) throw new TypeError("Not our spool");
    const { path, size } = spool;
    await spool.sync();
    const node = { mediaType: "application/octet-stream", digest, size };
    await this.#toWrite().layout.adopt(path, node, { isVerified: true });
  }

  async resolve(reference: string): Promise<Descriptor | undefined> {
    return await this.#toRead().catalog.resolve(reference);
  }

  async read(node: Descriptor): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const stream = await found(this.#toRead().layout.openRange(node.digest));
    return stream && await collect(stream, MANIFEST_LIMIT);
  }

  async put({ descriptor, bytes, tags }: NewManifest): Promise<void> {
    const { layout, catalog } = this.#toWrite();
    const [tag, ...more] = tags;
    await layout.putManifest(descriptor, bytes, { tag });
    for (const other of more) await layout.tag(descriptor, other);
    catalog.forget();
  }

  async untag(tag: string): Promise<boolean> {
    if (await this.resolve(tag) === undefined) return false;
    const { layout, catalog } = this.#toWrite();
    const done = await found(layout.untag(tag).then(() => true));
    catalog.forget();
    return done ?? false;
  }

  async removeManifest(digest: Digest): Promise<boolean> {
    const node = await this.resolve(digest);
    if (node === undefined) return false;
    const { layout, catalog } = this.#toWrite();
    const done = await found(layout.deleteManifest(node).then(() => true));
    catalog.forget();
    return done ?? false;
  }

  async tags(): Promise<readonly string[]> {
    return await this.#toRead().catalog.tags();
  }

  async referrers(subject: Digest): Promise<readonly Descriptor[]> {
    return await this.#toRead().catalog.referrers(subject);
  }
}

/** Awaits a layout's answer; `undefined` for what is not there. */
async function found<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isRegError(error, "not_found")) return undefined;
    throw error;
  }
}

/** Gives a file a second name, or a copy where the system cannot. */
async function linkFile(from: string, to: string): Promise<boolean> {
  try {
    await Deno.link(from, to);
    // A collector of garbage judges by the age: the blob is new here.
    const now = new Date();
    await Deno.utime(to, now, now);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
  }
  try {
    await Deno.copyFile(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
