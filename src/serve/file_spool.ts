/**
 * An upload in a file.
 *
 * @module
 */
import { FileWriter } from "../registry/store/layout/file_stream.ts";
import type { Spool } from "./spool.ts";

/** Keeps the bytes of an upload in a file, made with the first byte. */
export class FileSpool implements Spool {
  /** The file. */
  readonly path: string;
  #size: number;
  #open:
    | { readonly file: Deno.FsFile; readonly writer: FileWriter }
    | undefined;

  /** Goes on with a file of `size` bytes. */
  constructor(path: string, size: number = 0) {
    this.path = path;
    this.#size = size;
  }

  /** Finds the file of an earlier run. */
  static async find(path: string): Promise<FileSpool | undefined> {
    try {
      return new FileSpool(path, (await Deno.stat(path)).size);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** How many bytes there are, those that wait for their turn included. */
  get size(): number {
    return this.#size;
  }

  /** Appends bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#open) {
      const file = await Deno.open(this.path, { append: true, create: true });
      this.#open = { file, writer: new FileWriter(file, this.path) };
    }
    await this.#open.writer.write(bytes);
    this.#size += bytes.length;
  }

  /** Writes what waits, and closes the file. */
  async flush(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    try {
      await open.writer.flush();
    } catch (error) {
      // What was not written was not received.
      this.#size = (await open.file.stat()).size;
      throw error;
    } finally {
      open.file.close();
    }
  }

  /** Puts the bytes onto the disk, so that they outlive the machine's fall. */
  async sync(): Promise<void> {
    await this.flush();
    using file = await Deno.open(this.path, { append: true, create: true });
    await file.syncData();
  }

  /** Drops the bytes from `size` on. */
  async truncate(size: number): Promise<void> {
    await this.flush();
    await Deno.truncate(this.path, size);
    this.#size = size;
  }

  /** Reads all bytes from the start. */
  async read(): Promise<ReadableStream<Uint8Array>> {
    await this.flush();
    if (this.#size === 0) return ReadableStream.from([]);
    return (await Deno.open(this.path)).readable;
  }

  /** Removes the file, where it is still there. */
  async remove(): Promise<void> {
    this.#open?.file.close();
    this.#open = undefined;
    this.#size = 0;
    try {
      await Deno.remove(this.path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
