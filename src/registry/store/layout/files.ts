/**
 * The files of a layout directory: found, read and written so that nothing
 * outside of it is touched and no half-written file is ever seen.
 *
 * @module
 */
import { dirname, join, sep } from "node:path";
import { RegError } from "../../../base/errors.ts";
import { collect } from "../../../base/streams.ts";
import type { Body, CallOptions, Descriptor } from "../../core.ts";
import { algorithmOf, hexOf, parseDigest } from "../../digest.ts";
import { verified } from "../../verify.ts";
import { type FileRange, fileStream, FileWriter } from "./file_stream.ts";
import { absent, attempt, list, moveFile, removeFile } from "./file_system.ts";
import { checkFile, fillPart, openPart } from "./part.ts";

/** The directory inside a layout that holds our locks and unfinished blobs. */
export const PRIVATE = ".regkit";

/** Options for {@linkcode LayoutFiles.write}. */
export interface WriteOptions extends CallOptions {
  /** Called with the number of bytes that came since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Where files are made that will be moved into their place. */
const TEMPORARY = [PRIVATE, "temporary"] as const;
/** Blobs up to this size are gathered in memory: one file call less for each step. */
const SMALL = 64 * 1024;

/** What is at a path. */
interface Found {
  /** Where it is, links followed. */
  readonly path: string;
  readonly info: Deno.FileInfo;
}

/** The files below one directory. */
export class LayoutFiles {
  /** The directory, as it was given. */
  readonly root: string;
  #realRoot: string | undefined;
  /** Whether directories were found to lie within the layout. */
  readonly #inside = new Map<string, Promise<boolean>>();
  /** Directories that were made, or are being made. */
  readonly #made = new Map<string, Promise<string>>();

  /** Works on a directory, which need not be there yet. */
  constructor(root: string) {
    this.root = root;
  }

  /** The path of a name within the layout. */
  path(...names: string[]): string {
    return join(this.root, ...names);
  }

  /** The path of a blob. */
  blobPath(digest: string): string {
    const { algorithm, hex } = partsOf(digest);
    return this.path("blobs", algorithm, hex);
  }

  /**
   * Where a path leads, links followed; `undefined` where there is nothing.
   *
   * @throws {RegError} `denied` where that is outside of the layout.
   */
  async locate(path: string): Promise<string | undefined> {
    const found = await absent(Deno.realPath(path));
    if (found === undefined) return undefined;
    this.#realRoot ??= await Deno.realPath(this.root);
    if (
      found === this.#realRoot || found.startsWith(this.#realRoot + sep) ||
      this.#realRoot === sep
    ) return found;
    throw new RegError(
      "denied",
      `Cannot use ${JSON.stringify(path)}: it leads out of the layout`,
    );
  }

  /** Forgets what was learnt of directories: they may be gone, or made anew. */
  forget(): void {
    this.#realRoot = undefined;
    this.#inside.clear();
    this.#made.clear();
  }

  /**
   * What is at a path, links followed; `undefined` where there is nothing.
   *
   * @throws {RegError} `denied` where that is outside of the layout.
   */
  async #find(path: string): Promise<Found | undefined> {
    const info = await absent(Deno.lstat(path));
    if (info === undefined) return undefined;
    // Links alone lead out. Once known to stay inside, a directory is not asked
    // again: the way through its parents is ten times the work of the rest.
    if (!info.isSymlink && await this.#isInside(dirname(path))) {
      return { path, info };
    }
    const found = await this.locate(path);
    if (found === undefined) return undefined;
    const target = await absent(Deno.stat(found));
    return target && { path: found, info: target };
  }

  async #isInside(directory: string): Promise<boolean> {
    if (directory === this.path()) return true; // wherever that is
    const known = this.#inside.get(directory);
    if (known) return await known;
    const looking = this.locate(directory).then((found) => found !== undefined);
    this.#inside.set(directory, looking);
    const isThere = await looking.catch(() => false);
    // Only what is true stays true.
    if (!isThere) this.#inside.delete(directory);
    return await looking;
  }

  /** Makes a directory within the layout, and its parents; once. */
  async makeDirectory(...names: string[]): Promise<string> {
    const key = names.join("/");
    const known = this.#made.get(key);
    if (known) return await known;
    const making = this.#make(names);
    this.#made.set(key, making);
    try {
      return await making;
    } catch (error) {
      this.#made.delete(key);
      throw error;
    }
  }

  /**
   * Does work in a directory of the layout; once more where somebody has removed
   * that since it was made.
   */
  async #within<T>(
    names: readonly string[],
    work: (directory: string) => Promise<T>,
  ): Promise<T> {
    const isOld = this.#made.has(names.join("/"));
    try {
      return await work(await this.makeDirectory(...names));
    } catch (error) {
      const isGone = error instanceof RegError &&
        error.cause instanceof Deno.errors.NotFound;
      if (!isOld || !isGone) throw error;
      this.forget();
      return await work(await this.makeDirectory(...names));
    }
  }

  async #make(names: readonly string[]): Promise<string> {
    await attempt(Deno.mkdir(this.root, { recursive: true }));
    for (let depth = 1; depth <= names.length; depth++) {
      const path = this.path(...names.slice(0, depth));
      // Step by step: a link must not lead the next one out of the layout.
      if (await this.locate(path) !== undefined) continue;
      await attempt(Deno.mkdir(path, { recursive: true }));
    }
    return this.path(...names);
  }

  /** Reads a file of at most `limit` bytes; `undefined` where there is none. */
  async read(path: string, limit: number): Promise<Uint8Array | undefined> {
    const found = await this.#find(path);
    if (!found?.info.isFile) return undefined;
    const { size } = found.info;
    if (size > limit) {
      throw new RegError(
        "limit",
        `Cannot read ${
          JSON.stringify(path)
        }: ${size} bytes are more than ${limit}`,
      );
    }
    return await absent(Deno.readFile(found.path));
  }

  /** Puts a file in the place of another at once, and onto the disk. */
  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const temporary = await this.#within(TEMPORARY, async (directory) => {
      const temporary = join(directory, crypto.randomUUID());
      using out = await attempt(
        Deno.open(temporary, { write: true, createNew: true }),
      );
      try {
        const writer = new FileWriter(out, path);
        await writer.write(bytes);
        await writer.flush();
        // Else a crash of the machine could leave an empty file under the name.
        await attempt(out.syncData(), `write ${JSON.stringify(path)}`);
        return temporary;
      } catch (error) {
        await removeFile(temporary);
        throw error;
      }
    });
    await moveFile(temporary, path);
  }

  /** The size of a blob in bytes; `undefined` where there is none. */
  async blobSize(digest: string): Promise<number | undefined> {
    const found = await this.#find(this.blobPath(digest));
    return found?.info.isFile ? found.info.size : undefined;
  }

  /**
   * Streams a blob's bytes as they are, unverified.
   *
   * @throws {RegError} `not_found`
   */
  async openBlob(
    digest: string,
    range: FileRange = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const found = await this.#find(this.blobPath(digest));
    const opened = found && await absent(Deno.open(found.path));
    if (opened) return await fileStream(opened, range);
    throw new RegError("not_found", `Cannot open blob ${digest}: not found`);
  }

  /**
   * Writes a blob, going on where an earlier attempt was cut off. A wrong
   * digest or size leaves nothing.
   *
   * @throws {RegError} `mismatch`, and whatever the body throws.
   */
  async write(
    node: Descriptor,
    body: Body,
    options: WriteOptions = {},
  ): Promise<void> {
    if (node.size >= 0 && node.size <= SMALL) {
      return await this.#writeSmall(node, body, options);
    }
    const { algorithm, hex } = partsOf(node.digest);
    // Where there is no place for it, not a byte is asked for.
    await this.makeDirectory("blobs", algorithm);
    const part = await this.#within(
      [PRIVATE, "parts"],
      (directory) => openPart(join(directory, `${algorithm}-${hex}`)),
    );
    await fillPart(part, node, { ...options, body });
    await this.#publish(part.path, node.digest);
  }

  async #writeSmall(
    node: Descriptor,
    body: Body,
    options: WriteOptions,
  ): Promise<void> {
    const { signal, onBytes } = options;
    const stream = verified(await body({ signal }), node);
    const bytes = await collect(stream, SMALL);
    signal?.throwIfAborted();
    await this.writeBytes(node.digest, bytes);
    onBytes?.(bytes.length);
  }

  /** Writes a small blob whose bytes were verified. */
  async writeBytes(digest: string, bytes: Uint8Array): Promise<void> {
    const temporary = await this.#within(TEMPORARY, async (directory) => {
      const temporary = join(directory, crypto.randomUUID());
      try {
        await attempt(Deno.writeFile(temporary, bytes, { createNew: true }));
        return temporary;
      } catch (error) {
        await removeFile(temporary);
        throw error;
      }
    });
    await this.#publish(temporary, digest);
  }

  /** Makes a verified file on this file system a blob. */
  async #publish(path: string, digest: string): Promise<void> {
    const { algorithm, hex } = partsOf(digest);
    await this.#within(
      ["blobs", algorithm],
      (directory) => moveFile(path, join(directory, hex)),
    );
  }

  /**
   * Makes a file from elsewhere a blob: the file is gone afterwards.
   *
   * @param isVerified The caller has hashed the bytes.
   * @throws {RegError} `mismatch`; the file stays.
   */
  async adopt(
    path: string,
    node: Descriptor,
    isVerified: boolean,
  ): Promise<void> {
    if (!isVerified) await checkFile(path, node);
    await this.#publish(path, node.digest);
  }

  /**
   * Lists a directory of the layout whose files may be removed: nothing where it,
   * or one above it, is a link. A link leads to files of somebody else.
   */
  async *own(...names: string[]): AsyncGenerator<Deno.DirEntry> {
    for (let depth = 1; depth <= names.length; depth++) {
      const path = this.path(...names.slice(0, depth));
      if (!(await absent(Deno.lstat(path)))?.isDirectory) return;
    }
    yield* list(this.path(...names));
  }

  /** Removes a file of the layout, if it is there; never one behind a link. */
  async removeOwn(path: string): Promise<boolean> {
    if (await this.locate(dirname(path)) === undefined) return false;
    return await removeFile(path);
  }

  /** Lists the files below `blobs/`, which may be removed. */
  async *blobs(): AsyncGenerator<BlobFile> {
    for await (const algorithm of this.own("blobs")) {
      const directory = this.path("blobs", algorithm.name);
      for await (const entry of this.own("blobs", algorithm.name)) {
        if (entry.isDirectory) continue;
        yield {
          path: join(directory, entry.name),
          digest: `${algorithm.name}:${entry.name}`,
        };
      }
    }
  }
}

/** A file below `blobs/`. */
export interface BlobFile {
  /** Where it is. */
  readonly path: string;
  /** What its place says that it is; any text. */
  readonly digest: string;
}

function partsOf(digest: string): { algorithm: string; hex: string } {
  const checked = parseDigest(digest);
  return { algorithm: algorithmOf(checked), hex: hexOf(checked) };
}
