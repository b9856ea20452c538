/**
 * The entries of a layer, unpacked on the way.
 *
 * @module
 */
import { readTar, type ReadTarOptions, type TarEntry } from "../tar/reader.ts";
import { decompress, type DecompressOptions } from "./decompress.ts";

/** Options for {@linkcode readLayer}. */
export interface ReadLayerOptions extends DecompressOptions, ReadTarOptions {}

/**
 * Walks the entries of a layer, packed in any way that we can unpack. At the
 * end all of the stream was read, so that one that verifies did.
 *
 * @throws {RegError} `invalid`, `limit`, `unsupported`, and what the stream throws.
 */
export async function* readLayer(
  layer: ReadableStream<Uint8Array>,
  options: ReadLayerOptions = {},
): AsyncGenerator<TarEntry, void> {
  const { stream } = await decompress(layer, options);
  yield* readTar(stream, options);
}
