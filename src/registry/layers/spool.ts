/**
 * Bytes kept in a temporary file while their digest is found.
 *
 * @module
 */
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

/** Bytes in a temporary file; dispose it to remove that. */
export interface Spooled extends AsyncDisposable {
  /** What they hash to. */
  readonly digest: Digest;
  /** How many there are. */
  readonly size: number;
  /** Opens them. */
  readonly body: Body;
}

/** Writes a stream to a temporary file. */
export async function spool(
  stream: AsyncIterable<Uint8Array>,
  options: SpoolOptions = {},
): Promise<Spooled> {
  const { algorithm, temporary, signal } = options;
  const path = await Deno.makeTempFile({
    prefix: "regkit-",
    ...(temporary === undefined ? {} : { dir: temporary }),
  });
  // What failed is told, not that its file is gone already.
  const remove = () => Deno.remove(path).catch(() => {});
  try {
    using file = await Deno.open(path, { write: true });
    const writer = new FileWriter(file, path);
    const hasher = createHasher(algorithm);
    let size = 0;
    for await (const chunk of stream) {
      signal?.throwIfAborted();
      hasher.update(chunk);
      size += chunk.length;
      await writer.write(chunk);
    }
    await writer.flush();
    return {
      digest: hasher.digest(),
      size,
      body: async ({ offset = 0 } = {}) =>
        await fileStream(await Deno.open(path), { start: offset }),
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
