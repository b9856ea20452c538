/**
 * The files of a layout directory: found, read and written so that nothing
 * outside of it is touched and no half-written file is ever seen.
 *
 * @module
 */
import { dirname, join, sep } from "node:path";
import { RegError } from "../../../base/errors.ts";
import { fileError } from "../../../base/file_error.ts";
import type { Body, CallOptions, Descriptor } from "../../core.ts";
import { algorithmOf, createHasher, hexOf, parseDigest } from "../../digest.ts";
import { DigestError } from "../../verify.ts";
import {
  type FileRange,
  fileStream,
  FileWriter,
  readChunks,
} from "./file_stream.ts";

/** The directory inside a layout that holds our locks and unfinished blobs. */
export const PRIVATE = ".regkit";

/** Options for {@linkcode LayoutFiles.write}. */
export interface WriteOptions extends CallOptions {
  /** Called with the number of bytes that came since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Partly written blobs below this size are not worth keeping. */
const WORTH_KEEPING = 1024 * 1024;

/** The files below one directory. */
export class LayoutFiles {
  /** The directory, as it was given. */
  readonly root: string;
  #realRoot: string | undefined;

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

  /** Makes a directory within the layout, and its parents. */
  async makeDirectory(...names: string[]): Promise<string> {
    await file(Deno.mkdir(this.root, { recursive: true }));
    for (let depth = 1; depth <= names.length; depth++) {
      const path = this.path(...names.slice(0, depth));
      // Step by step: a link must not lead the next one out of the layout.
      if (await this.locate(path) !== undefined) continue;
      await file(Deno.mkdir(path, { recursive: true }));
    }
    return this.path(...names);
  }

  /** Reads a file of at most `limit` bytes; `undefined` where there is none. */
  async read(path: string, limit: number): Promise<Uint8Array | undefined> {
    const found = await this.locate(path);
    if (found === undefined) return undefined;
    const info = await absent(Deno.stat(found));
    if (info === undefined || !info.isFile) return undefined;
    if (info.size > limit) {
      throw new RegError(
        "limit",
        `Cannot read ${
          JSON.stringify(path)
        }: ${info.size} bytes are more than ${limit}`,
      );
    }
    return await absent(Deno.readFile(found));
  }

  /** Puts a file in the place of another at once, and onto the disk. */
  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const temporary = await this.#temporary();
    try {
      using out = await file(
        Deno.open(temporary, { write: true, createNew: true }),
      );
      const writer = new FileWriter(out, path);
      await writer.write(bytes);
      await writer.flush();
      // Else a crash of the machine could leave an empty file under the name.
      await file(out.syncData(), `write ${JSON.stringify(path)}`);
    } catch (error) {
      await removeFile(temporary);
      throw error;
    }
    await moveFile(temporary, path);
  }

  /** The size of a blob in bytes; `undefined` where there is none. */
  async blobSize(digest: string): Promise<number | undefined> {
    const found = await this.locate(this.blobPath(digest));
    const info = found && await absent(Deno.stat(found));
    return info && info.isFile ? info.size : undefined;
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
    const found = await this.locate(this.blobPath(digest));
    const opened = found && await absent(Deno.open(found));
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
    const { algorithm, hex } = partsOf(node.digest);
    await this.makeDirectory("blobs", algorithm);
    const directory = await this.makeDirectory(PRIVATE, "parts");
    const kept = join(directory, `${algorithm}-${hex}`);
    // Under a name of its own, nobody else goes on with it meanwhile.
    const part = `${kept}.${crypto.randomUUID()}`;
    await absent(Deno.rename(kept, part));
    if ((await absent(Deno.lstat(part)))?.isFile === false) {
      await removeFile(part);
    }
    try {
      await fill(part, node, body, options);
    } catch (error) {
      await keepPart(part, error instanceof DigestError ? 0 : node.size, kept);
      throw error;
    }
    await this.#publish(part, node.digest);
  }

  /** Writes a small blob whose bytes were verified. */
  async writeBytes(digest: string, bytes: Uint8Array): Promise<void> {
    const temporary = await this.#temporary();
    try {
      await file(Deno.writeFile(temporary, bytes, { createNew: true }));
    } catch (error) {
      await removeFile(temporary);
      throw error;
    }
    await this.#publish(temporary, digest);
  }

  /** Makes a verified file on this file system a blob. */
  async #publish(path: string, digest: string): Promise<void> {
    const { algorithm, hex } = partsOf(digest);
    const directory = await this.makeDirectory("blobs", algorithm);
    await moveFile(path, join(directory, hex));
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

  /** A new path for a file that will be moved into its place. */
  async #temporary(): Promise<string> {
    const directory = await this.makeDirectory(PRIVATE, "temporary");
    return join(directory, crypto.randomUUID());
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

/** Removes a file, if it is there. */
export async function removeFile(path: string): Promise<boolean> {
  return await absent(Deno.remove(path).then(() => true)) ?? false;
}

/** Awaits a file operation; `undefined` where there is nothing at the path. */
export async function absent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return undefined;
    throw fileError(error);
  }
}

/** Lists a directory; nothing where there is none. */
export async function* list(path: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw fileError(error);
  }
}

/** @param action See {@linkcode fileError}. */
async function file<T>(work: Promise<T>, action?: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw fileError(error, action);
  }
}

function partsOf(digest: string): { algorithm: string; hex: string } {
  const checked = parseDigest(digest);
  return { algorithm: algorithmOf(checked), hex: hexOf(checked) };
}

async function moveFile(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (error) {
    // EXDEV: the file comes from another file system.
    const isElsewhere = error instanceof Error && "code" in error &&
      error.code === "EXDEV";
    if (!isElsewhere) throw fileError(error);
    const beside = `${to}.${crypto.randomUUID()}.tmp`;
    await file(Deno.copyFile(from, beside));
    await file(Deno.rename(beside, to));
    await removeFile(from);
  }
}

/** Writes what is missing of a blob to its file, and verifies the whole. */
async function fill(
  path: string,
  node: Descriptor,
  body: Body,
  options: WriteOptions,
): Promise<void> {
  const { signal, onBytes } = options;
  using out = await file(
    Deno.open(path, { read: true, write: true, create: true }),
  );
  let { hasher, size: done } = await hashFile(out, node);
  if (done > 0 && done === node.size) {
    if (hasher.digest() === node.digest) return;
    ({ hasher, size: done } = await startOver(out, node));
  }
  const resumed = done > 0;
  const writer = new FileWriter(out, path);
  for await (const chunk of await body({ offset: done, signal })) {
    signal?.throwIfAborted();
    done += chunk.length;
    if (node.size >= 0 && done > node.size) throw wrongSize(node, done);
    hasher.update(chunk);
    await writer.write(chunk);
    onBytes?.(chunk.length);
  }
  await writer.flush();
  const got = hasher.digest();
  if (node.size >= 0 && done !== node.size) throw wrongSize(node, done);
  if (got === node.digest) return;
  if (!resumed) throw new DigestError(node.digest, got);
  // What the earlier attempt left may be what is wrong.
  await out.truncate(0);
  return await fill(path, node, body, options);
}

/** Hashes what is in a file, unless that is more than the blob. */
async function hashFile(out: Deno.FsFile, node: Descriptor) {
  const hasher = createHasher(algorithmOf(node.digest));
  let size = 0;
  for await (const chunk of readChunks(out)) {
    hasher.update(chunk);
    size += chunk.length;
    if (node.size < 0 || size > node.size) return await startOver(out, node);
  }
  return { hasher, size };
}

async function startOver(out: Deno.FsFile, node: Descriptor) {
  await out.truncate(0);
  await out.seek(0, Deno.SeekMode.Start);
  return { hasher: createHasher(algorithmOf(node.digest)), size: 0 };
}

function wrongSize(node: Descriptor, got: number): RegError {
  return new RegError(
    "mismatch",
    `${
      got > node.size ? "size limit exceeded" : "short read"
    } [expected ${node.size}, received ${got}]`,
  );
}

/** Keeps a part that a later attempt can go on with, else removes it. */
async function keepPart(
  part: string,
  whole: number,
  kept: string,
): Promise<void> {
  const size = (await absent(Deno.stat(part)))?.size ?? 0;
  if (size >= WORTH_KEEPING && size < whole) {
    await absent(Deno.rename(part, kept));
  } else await removeFile(part);
}

async function checkFile(path: string, node: Descriptor): Promise<void> {
  const hasher = createHasher(algorithmOf(node.digest));
  let size = 0;
  using opened = await file(Deno.open(path));
  for await (const chunk of readChunks(opened)) {
    hasher.update(chunk);
    size += chunk.length;
  }
  if (node.size >= 0 && size !== node.size) throw wrongSize(node, size);
  const got = hasher.digest();
  if (got !== node.digest) throw new DigestError(node.digest, got);
}
