/**
 * A layout read from its directory.
 *
 * @module
 */
import { Batcher } from "../../../base/batcher.ts";
import type { FileRange } from "./file_stream.ts";
import { absent } from "./file_system.ts";
import type { LayoutFiles } from "./files.ts";
import {
  EMPTY_INDEX,
  encodeIndex,
  INDEX_LIMIT,
  type LayoutIndex,
  parseIndex,
} from "./rows.ts";
import type { LayoutReader } from "./source.ts";
import { checkVersion, LAYOUT_FILE } from "./version.ts";

/** The name of the file with the rows. */
export const INDEX_FILE = "index.json";

/**
 * A file that was written less long ago may change once more without looking
 * changed: its time is kept no finer by some systems, in milliseconds.
 */
const SETTLED_MS = 50;

/** An index and its bytes. */
export interface ReadIndex {
  /** What the file says. */
  readonly index: LayoutIndex;
  /** The file. */
  readonly bytes: Uint8Array;
}

/** Reads a layout from its directory, the index anew only when it has changed. */
export class DirectoryReader implements LayoutReader {
  readonly #files: LayoutFiles;
  #isLayout = false;
  #known: { readonly version: string; readonly read: ReadIndex } | undefined;
  /** Many ask at once, for each manifest of an index: one look is for all. */
  readonly #looks = new Batcher<void, string>(async (asked) => {
    const result = await this.#version();
    return asked.map(() => ({ result }));
  });

  /** Reads below a directory, which need not be there. */
  constructor(files: LayoutFiles) {
    this.#files = files;
  }

  /** Forgets what was read: others may have removed or replaced the layout. */
  forget(): void {
    this.#isLayout = false;
    this.#known = undefined;
  }

  /**
   * Tells whether the directory is a layout.
   *
   * @throws {RegError} `invalid` for another version.
   */
  async isLayout(): Promise<boolean> {
    if (this.#isLayout) return true;
    const files = this.#files;
    const bytes = await files.read(files.path(LAYOUT_FILE), 4096);
    if (bytes !== undefined) checkVersion(bytes, `ocidir://${files.root}`);
    return this.#isLayout = bytes !== undefined;
  }

  /** What the index says; `undefined` where there is no layout. */
  async index(): Promise<ReadIndex | undefined> {
    const version = await this.#looks.run();
    if (version !== "" && this.#known?.version === version) {
      return this.#known.read;
    }
    const read = await this.fresh();
    // What has changed while it was read, or may yet, is not remembered.
    const isSettled = version !== "" && version === await this.#version();
    this.#known = read && isSettled ? { version, read } : undefined;
    return read;
  }

  /** What the index says at this moment, for those who will change it. */
  async fresh(): Promise<ReadIndex | undefined> {
    const path = this.#files.path(INDEX_FILE);
    const bytes = await this.#files.read(path, INDEX_LIMIT);
    if (bytes === undefined) this.forget();
    if (!await this.isLayout()) return undefined;
    return bytes === undefined
      ? { index: EMPTY_INDEX, bytes: encodeIndex(EMPTY_INDEX) }
      : { index: parseIndex(bytes, path), bytes };
  }

  /** The size of a blob in bytes; `undefined` where there is none. */
  blobSize(digest: string): Promise<number | undefined> {
    return this.#files.blobSize(digest);
  }

  /** Reads a small blob; `undefined` where there is none. */
  readBlob(digest: string, limit: number): Promise<Uint8Array | undefined> {
    return this.#files.read(this.#files.blobPath(digest), limit);
  }

  /** Streams a blob as it is. */
  openBlob(
    digest: string,
    range?: FileRange,
  ): Promise<ReadableStream<Uint8Array>> {
    return this.#files.openBlob(digest, range);
  }

  /** What changes with the index; empty where that cannot be told. */
  async #version(): Promise<string> {
    const info = await absent(Deno.lstat(this.#files.path(INDEX_FILE)));
    if (!info?.isFile || info.mtime === null) return "";
    const { dev, ino, size, mtime } = info;
    if (Date.now() - mtime.getTime() < SETTLED_MS) return "";
    return `${dev} ${ino} ${size} ${mtime.getTime()}`;
  }
}
