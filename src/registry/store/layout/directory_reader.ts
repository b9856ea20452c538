/**
 * A layout read from its directory.
 *
 * @module
 */
import { Batcher } from "../../../base/batcher.ts";
import type { FileRange } from "./file_stream.ts";
import type { LayoutFiles } from "./files.ts";
import type { IndexFile, ReadIndex } from "./index_file.ts";
import { EMPTY_INDEX, encodeIndex } from "./rows.ts";
import type { LayoutReader } from "./source.ts";
import { checkVersion, LAYOUT_FILE } from "./version.ts";

/** Reads a layout from its directory. */
export class DirectoryReader implements LayoutReader {
  readonly #files: LayoutFiles;
  readonly #indexFile: IndexFile;
  #isLayout = false;
  /** Many ask at once, for each manifest of an index: one look is for all. */
  readonly #looks = new Batcher<void, boolean>(async (asked) => {
    const result = await this.#looksLikeLayout();
    return asked.map(() => ({ result }));
  });

  /** Reads below a directory, which need not be there. */
  constructor(files: LayoutFiles, indexFile: IndexFile) {
    this.#files = files;
    this.#indexFile = indexFile;
  }

  /** Forgets what was read: others may have removed or replaced the layout. */
  forget(): void {
    this.#isLayout = false;
    this.#indexFile.forget();
  }

  /**
   * Tells whether the directory is a layout.
   *
   * @throws {RegError} `invalid` for another version.
   */
  async isLayout(): Promise<boolean> {
    return this.#isLayout ||= await this.#looks.run();
  }

  /**
   * Reads the version, and the index meanwhile, which nearly everybody wants next.
   * What is wrong with the index is said when somebody asks for it.
   *
   * @throws {RegError} `invalid` for another version.
   */
  async look(): Promise<void> {
    await Promise.all([
      this.isLayout(),
      this.#indexFile.read().catch(() => {}),
    ]);
  }

  async #looksLikeLayout(): Promise<boolean> {
    const files = this.#files;
    const bytes = await files.read(files.path(LAYOUT_FILE), 4096);
    if (bytes !== undefined) checkVersion(bytes, `ocidir://${files.root}`);
    return bytes !== undefined;
  }

  /** What the index says; `undefined` where there is no layout. */
  async index(): Promise<ReadIndex | undefined> {
    return await this.#whole(await this.#indexFile.read());
  }

  /** What the index says at this moment, for those who will change it. */
  async fresh(): Promise<ReadIndex | undefined> {
    return await this.#whole(await this.#indexFile.fresh());
  }

  async #whole(read: ReadIndex | undefined): Promise<ReadIndex | undefined> {
    if (read === undefined) this.#isLayout = false;
    if (!await this.isLayout()) return undefined;
    return read ?? { index: EMPTY_INDEX, bytes: encodeIndex(EMPTY_INDEX) };
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
}
