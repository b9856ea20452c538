/**
 * Bytes kept, in memory or in a temporary file, while their digest is found.
 *
 * @module
 */
import { fileError } from "../../base/file_error.ts";
import { fromBytes, skipped } from "../../base/streams.ts";
import type { Body, CallOptions, Digest } from "../core.ts";
import { createHasher } from "../digest.ts";
import { fileStream, FileWriter } from "../store/layout/file_stream.ts";

/** Options for {@linkcode spool}. */
export interface SpoolOptions extends CallOptions {
  /** The algorithm of the digest. @default {"sha256"} */
  readonly algorithm?: string | undefined;
  /** Where the file is. @default {the system's} */
  readonly temporary?: string | undefined;
}

/** Bytes that are kept; dispose it to remove them. */
export interface Spooled extends AsyncDisposable {
  /** What they hash to. */
  readonly digest: Digest;
  /** How many there are. */
  readonly size: number;
  /** Opens them. */
  readonly body: Body;
}

/** How many bytes stay in memory: few need a file, and not everybody has a place for one. */
const IN_MEMORY = 1024 * 1024;

/**
 * Keeps a stream: in memory where it is small, else in a temporary file.
 *
 * @throws {RegError} `file` where there is no place for a temporary file.
 */
export async function spool(
  stream: AsyncIterable<Uint8Array>,
  options: SpoolOptions = {},
): Promise<Spooled> {
  const { algorithm, temporary, signal } = options;
  await using files = new AsyncDisposableStack();
  const hasher = createHasher(algorithm);
  const pieces: Uint8Array[] = [];
  let size = 0;
  let file: TemporaryFile | undefined;
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    hasher.update(chunk);
    size += chunk.length;
    if (size > IN_MEMORY) {
      file ??= files.use(await TemporaryFile.make(temporary));
      for (const piece of pieces.splice(0)) await file.writer.write(piece);
      await file.writer.write(chunk);
    } else pieces.push(chunk.slice()); // the sender may use its buffer again
  }
  await file?.close();
  const kept = files.move();
  const path = file?.path;
  return {
    digest: hasher.digest(),
    size,
    body: async ({ offset = 0 } = {}) =>
      path === undefined
        ? skipped(fromBytes(...pieces), offset)
        : await fileStream(await Deno.open(path), { start: offset }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A file that is removed when it is disposed. */
class TemporaryFile implements AsyncDisposable {
  readonly path: string;
  readonly writer: FileWriter;
  readonly #file: Deno.FsFile;
  #isOpen = true;

  private constructor(path: string, file: Deno.FsFile) {
    this.path = path;
    this.#file = file;
    this.writer = new FileWriter(file, path);
  }

  static async make(dir: string | undefined): Promise<TemporaryFile> {
    const place = dir === undefined ? {} : { dir };
    try {
      const path = await Deno.makeTempFile({ prefix: "regkit-", ...place });
      return new TemporaryFile(path, await Deno.open(path, { write: true }));
    } catch (error) {
      throw fileError(error, "make a temporary file, see TMPDIR");
    }
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    await this.writer.flush();
    this.#end();
  }

  #end(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    // What failed is told, not that its file is gone already.
    await Deno.remove(this.path).catch(() => {});
  }
}
