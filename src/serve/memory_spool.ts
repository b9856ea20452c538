/**
 * An upload in memory.
 *
 * @module
 */
import type { Spool } from "./spool.ts";

/** Keeps the bytes of an upload in memory. */
export class MemorySpool implements Spool {
  #chunks: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;

  /** How many bytes there are. */
  get size(): number {
    return this.#size;
  }

  /** Appends bytes. */
  write(bytes: Uint8Array): Promise<void> {
    // A view of a larger buffer would keep all of that alive.
    this.#chunks.push(new Uint8Array(bytes));
    this.#size += bytes.length;
    return Promise.resolve();
  }

  /** Does nothing. */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  /** Drops the bytes from `size` on. */
  async truncate(size: number): Promise<void> {
    const kept = await this.blob().slice(0, size).arrayBuffer();
    this.#chunks = [new Uint8Array(kept)];
    this.#size = kept.byteLength;
  }

  /** Reads all bytes from the start. */
  read(): Promise<ReadableStream<Uint8Array>> {
    return Promise.resolve(this.blob().stream());
  }

  /** Drops all bytes. */
  remove(): Promise<void> {
    this.#chunks = [];
    this.#size = 0;
    return Promise.resolve();
  }

  /** All bytes. */
  blob(): Blob {
    return new Blob(this.#chunks);
  }
}
