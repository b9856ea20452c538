/**
 * The file `index.json` of a layout, which many tags make long and many writers
 * make new: parsed again only when it says something else.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { Batcher } from "../../../base/batcher.ts";
import { absent } from "./file_system.ts";
import type { LayoutFiles } from "./files.ts";
import {
  encodeIndex,
  INDEX_LIMIT,
  type LayoutIndex,
  parseIndex,
} from "./rows.ts";

/** The name of the file. */
const NAME = "index.json";

/**
 * A file that was written less long ago may change once more without looking
 * changed: systems keep its time no finer than this, in milliseconds.
 */
const SETTLED_MS = 50;

/** An index and its bytes. */
export interface ReadIndex {
  /** What the file says. */
  readonly index: LayoutIndex;
  /** The file. */
  readonly bytes: Uint8Array;
}

/** The index of a layout. */
export class IndexFile {
  readonly #files: LayoutFiles;
  #known: ReadIndex | undefined;
  /** How the file looked when it said what is known; empty where it may have changed since. */
  #look = "";
  /** Many ask at once, for each manifest of an index: one look is for all. */
  readonly #looks = new Batcher<void, string>(async (asked) => {
    const result = await this.#lookNow();
    return asked.map(() => ({ result }));
  });

  /** Works on the index in a directory, which need not be there. */
  constructor(files: LayoutFiles) {
    this.#files = files;
  }

  /** What the file says; `undefined` where there is none. */
  async read(): Promise<ReadIndex | undefined> {
    const look = await this.#looks.run();
    if (look !== "" && look === this.#look) return this.#known;
    const read = await this.fresh();
    // What has changed while it was read is not known by its look.
    this.#look = look !== "" && look === await this.#lookNow() ? look : "";
    return read;
  }

  /** What the file says at this moment, for those who will replace it. */
  async fresh(): Promise<ReadIndex | undefined> {
    const path = this.#files.path(NAME);
    const bytes = await this.#files.read(path, INDEX_LIMIT);
    if (bytes === undefined) {
      this.forget();
      return undefined;
    }
    // To compare is a hundred times quicker than to parse.
    if (this.#known && Buffer.compare(bytes, this.#known.bytes) === 0) {
      return this.#known;
    }
    this.#look = "";
    return this.#known = { index: parseIndex(bytes, path), bytes };
  }

  /** Puts another index in its place. */
  async replace(index: LayoutIndex): Promise<void> {
    const bytes = encodeIndex(index);
    await this.#files.replace(this.#files.path(NAME), bytes);
    this.#known = { index, bytes };
    this.#look = "";
  }

  /** Forgets what it says. */
  forget(): void {
    this.#known = undefined;
    this.#look = "";
  }

  /** What changes with the file; empty where that cannot be told. */
  async #lookNow(): Promise<string> {
    const info = await absent(Deno.lstat(this.#files.path(NAME)));
    if (info === undefined) return "none";
    if (!info.isFile || info.mtime === null) return "";
    const { dev, ino, size, mtime } = info;
    if (Date.now() - mtime.getTime() < SETTLED_MS) return "";
    return `${dev} ${ino} ${size} ${mtime.getTime()}`;
  }
}
