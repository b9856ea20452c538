/**
 * Files as streams of large chunks.
 *
 * @module
 */

import { fileError } from "../../../base/file_error.ts";

/** A part of a file. */
export interface FileRange {
  /** The first byte. @default {0} */
  readonly start?: number | undefined;
  /** The first byte that is no longer part of it; the file's end where left out. */
  readonly end?: number | undefined;
}

/** Bytes a chunk: from 256 KiB on, more makes nothing faster. */
const CHUNK = 256 * 1024;

/** Streams a part of an open file, and closes the file at the end. */
export async function fileStream(
  file: Deno.FsFile,
  range: FileRange = {},
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { start = 0, end = Infinity } = range;
  if (start > 0) await file.seek(start, Deno.SeekMode.Start);
  let left = Math.max(0, end - start);
  let isOpen = true;
  const close = () => {
    if (isOpen) file.close();
    isOpen = false;
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const chunk = left > 0 ? await readChunk(file, left) : undefined;
        if (chunk === undefined) {
          close();
          controller.close();
          return;
        }
        left -= chunk.length;
        controller.enqueue(chunk);
      } catch (error) {
        close();
        throw error;
      }
    },
    cancel: close,
  }, { highWaterMark: 0 });
}

/** Reads an open file from where it stands to its end. */
export async function* readChunks(
  file: Deno.FsFile,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for (;;) {
    const chunk = await readChunk(file, Infinity);
    if (chunk === undefined) return;
    yield chunk;
  }
}

async function readChunk(
  file: Deno.FsFile,
  left: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const buffer = new Uint8Array(Math.min(CHUNK, left));
  const count = await file.read(buffer);
  return count === null ? undefined : buffer.subarray(0, count);
}

/**
 * Writes chunks to a file in large pieces, each while the next one is gathered.
 * Call {@linkcode FileWriter.flush} before closing the file.
 */
export class FileWriter {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  #buffer = new Uint8Array(CHUNK);
  #spare = new Uint8Array(CHUNK);
  #used = 0;
  #pending: Promise<void> = Promise.resolve();

  /**
   * Writes to a file from where it stands.
   *
   * @param path How errors name the file.
   */
  constructor(file: Deno.FsFile, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /**
   * Takes a chunk; the caller may use it anew afterwards.
   *
   * @throws {RegError} `file`, with the path: the disk is full, for one.
   */
  async write(chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.length > 0;) {
      const part = rest.subarray(0, CHUNK - this.#used);
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
      rest = rest.subarray(part.length);
      if (this.#used === CHUNK) await this.#send();
    }
  }

  /**
   * Writes all that was taken.
   *
   * @throws {RegError} `file`, with the path.
   */
  async flush(): Promise<void> {
    await this.#send();
    await this.#pending;
  }

  async #send(): Promise<void> {
    await this.#pending;
    const full = this.#buffer.subarray(0, this.#used);
    this.#pending = this.#writeAll(full);
    // The failure is told by the next await; this one keeps it from being unhandled.
    this.#pending.catch(() => {});
    [this.#buffer, this.#spare] = [this.#spare, this.#buffer];
    this.#used = 0;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) {
        at += await this.#file.write(bytes.subarray(at));
      }
    } catch (error) {
      throw fileError(error, `write ${JSON.stringify(this.#path)}`);
    }
  }
}
