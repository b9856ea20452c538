/**
 * Keeps a stream of unknown size in a temporary file, to know its size and its
 * digest and to be able to send it twice.
 *
 * @module
 */
import { tapped } from "../../base/streams.ts";
import type { Body, CallOptions } from "../../registry/core.ts";
import { createHasher } from "../../registry/digest.ts";

/** Bytes that can be read more than once. Dispose to remove the file. */
export interface Spooled extends AsyncDisposable {
  /** Opens the bytes, from an offset where asked. */
  readonly body: Body;
  /** How many there are. */
  readonly size: number;
  /** What they hash to. */
  readonly digest: `${string}:${string}`;
}

/** Options for {@linkcode spool}. */
export interface SpoolOptions extends CallOptions {
  /** The algorithm of the digest. @default {"sha256"} */
  readonly algorithm?: string;
}

/** Reads a stream to its end. */
export async function spool(
  stream: ReadableStream<Uint8Array>,
  options: SpoolOptions = {},
): Promise<Spooled> {
  const { algorithm = "sha256", signal } = options;
  const path = await Deno.makeTempFile({ prefix: "regctl-" });
  const remove = () => Deno.remove(path).catch(() => {});
  try {
    const hasher = createHasher(algorithm);
    let size = 0;
    const counted = tapped(stream, (chunk) => {
      hasher.update(chunk);
      size += chunk.length;
    });
    // Not `Deno.writeFile`: with a signal it leaks a resource on Deno 2.6.
    const file = await Deno.open(path, { write: true, truncate: true });
    await counted.pipeTo(file.writable, signal ? { signal } : {});
    return {
      size,
      digest: hasher.digest(),
      async body({ offset = 0 } = {}) {
        const file = await Deno.open(path);
        if (offset > 0) await file.seek(offset, Deno.SeekMode.Start);
        return file.readable;
      },
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
