/**
 * Layers packed.
 *
 * @module
 */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";

/** How we can pack. */
export type Packing = "gzip" | "zstd" | "none";

/** Packs a stream: the same bytes give the same bytes on the same platform. */
export async function* compress(
  stream: AsyncIterable<Uint8Array>,
  packing: Packing,
): AsyncGenerator<Uint8Array, void> {
  if (packing === "none") return yield* stream;
  const packer = packing === "gzip"
    ? zlib.createGzip()
    : zlib.createZstdCompress();
  const done = pipeline(Readable.from(stream), packer);
  // The failure is told by the reads below, too.
  done.catch(() => {});
  for await (const chunk of packer) yield new Uint8Array(chunk);
  await done;
}
