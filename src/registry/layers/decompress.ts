/**
 * Layers and archives unpacked, whatever they are packed with: told by their
 * first bytes, as upstream does, and bounded, for a small file can hold a lot.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";
import { RegError } from "../../base/errors.ts";
import { collect, counted, fromIterator } from "../../base/streams.ts";
import type { CallOptions } from "../core.ts";

/** How bytes are packed. */
export type Compression = "gzip" | "zstd" | "xz" | "bzip2" | "none";

const MAGICS: readonly (readonly [Compression, ...number[]])[] = [
  ["gzip", 0x1f, 0x8b],
  ["zstd", 0x28, 0xb5, 0x2f, 0xfd],
  ["xz", 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  ["bzip2", 0x42, 0x5a, 0x68],
];

/** Tells from the first six bytes how bytes are packed. */
export function detectCompression(start: Uint8Array): Compression {
  const found = MAGICS.find(([, ...magic]) =>
    magic.every((byte, at) => start[at] === byte)
  );
  return found?.[0] ?? "none";
}

/** Options for {@linkcode decompress}. */
export interface DecompressOptions extends CallOptions {
  /** The most bytes that may come out. @default {137_438_953_472} 128 GiB */
  readonly maxBytes?: number;
  /**
   * How many times more bytes may come out than go in, beyond the first 64 MiB.
   * gzip cannot pass 1032. @default {2000}
   */
  readonly maxRatio?: number;
}

/** Bytes, unpacked. */
export interface Decompressed {
  /** How they were packed. */
  readonly compression: Compression;
  /** What they were. */
  readonly stream: ReadableStream<Uint8Array>;
}

/** Below this many bytes the ratio says nothing: tars of one zeroed file. */
const RATIO_FROM = 64 * 1024 * 1024;

/** bzip2 is unpacked in memory: the most bytes that may go in. */
const BZIP2_LIMIT = 256 * 1024 * 1024;

/**
 * Unpacks a stream by its first bytes; what is not packed is given as it is.
 *
 * @throws {RegError} through the stream: `invalid` for broken bytes, `limit`.
 */
export async function decompress(
  input: ReadableStream<Uint8Array>,
  options: DecompressOptions = {},
): Promise<Decompressed> {
  const { start, stream } = await peek(input, 6);
  const compression = detectCompression(start);
  if (compression === "none") {
    return { compression, stream: bounded(stream, options, () => Infinity) };
  }
  let packed = 0;
  const counting = counted(stream, (bytes) => packed += bytes);
  const unpacked = await UNPACK[compression](counting, options);
  return { compression, stream: bounded(unpacked, options, () => packed) };
}

type Unpack = (
  stream: ReadableStream<Uint8Array>,
  options: DecompressOptions,
) => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>;

const UNPACK: Readonly<Record<Exclude<Compression, "none">, Unpack>> = {
  // The platform's DecompressionStream refuses more than one gzip member.
  gzip: (stream) => throughNode(stream, zlib.createGunzip()),
  zstd: unpackZstd,
  async xz(stream) {
    const module = await import("xz-decompress");
    // CommonJS: where its exports are depends on who loads it.
    const { XzReadableStream } = "default" in module &&
        typeof module.default === "object"
      ? module.default as typeof module
      : module;
    return new XzReadableStream(stream);
  },
  bzip2: unpackBzip2,
};

/** Passes a stream through a transform of Node. */
function throughNode(
  stream: ReadableStream<Uint8Array>,
  transform: zlib.Gunzip,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  const done = pipeline(Readable.from(readFrom(reader)), transform);
  // The failure is told by the reads below, too.
  done.catch(() => {});
  const chunks = async function* () {
    for await (const chunk of transform) yield new Uint8Array(chunk);
    await done;
  };
  return fromIterator(chunks(), async (reason) => {
    await reader.cancel(reason);
    transform.destroy();
    await done.catch(() => {});
  });
}

async function* readFrom(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Deno's own decoder ends the whole program at broken bytes (2.6 and 2.9). */
async function unpackZstd(
  stream: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  const { Decompress } = await import("fzstd");
  const chunks: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => void chunks.push(chunk));
  const push = (chunk: Uint8Array, isLast: boolean) => {
    try {
      decoder.push(chunk, isLast);
    } catch (error) {
      throw broken(error);
    }
    return chunks.splice(0);
  };
  const reader = stream.getReader();
  const unpacked = async function* () {
    for await (const chunk of readFrom(reader)) {
      // In pieces: what one of them unpacks to is held in memory.
      for (let at = 0; at < chunk.length; at += ZSTD_PIECE) {
        yield* push(chunk.subarray(at, at + ZSTD_PIECE), false);
      }
    }
    yield* push(new Uint8Array(), true);
  };
  return fromIterator(unpacked(), (reason) => reader.cancel(reason));
}

/** A block of 128 KiB can come from 4 bytes. */
const ZSTD_PIECE = 1024;

async function unpackBzip2(
  stream: ReadableStream<Uint8Array>,
  options: DecompressOptions,
): Promise<ReadableStream<Uint8Array>> {
  const { default: bunzip } = await import("seek-bzip");
  const packed = await collect(stream, BZIP2_LIMIT);
  const { maxBytes, maxRatio } = limits(options);
  const most = Math.min(
    maxBytes,
    Math.max(RATIO_FROM, packed.length * maxRatio),
  );
  const output = new ByteSink(most);
  try {
    bunzip.decode(Buffer.from(packed.buffer), output, true);
  } catch (error) {
    throw error instanceof RegError ? error : broken(error);
  }
  return ReadableStream.from(output.end());
}

/** Takes bytes one by one, as the bzip2 decoder gives them. */
class ByteSink {
  readonly #chunks: Uint8Array[] = [];
  readonly #most: number;
  #chunk = new Uint8Array(1024 * 1024);
  #used = 0;
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  writeByte(byte: number): void {
    this.#chunk[this.#used++] = byte;
    if (this.#used < this.#chunk.length) return;
    this.#chunks.push(this.#chunk);
    this.#size += this.#used;
    if (this.#size > this.#most) throw tooMuch(this.#most);
    this.#chunk = new Uint8Array(1024 * 1024);
    this.#used = 0;
  }

  end(): Uint8Array[] {
    return [...this.#chunks, this.#chunk.subarray(0, this.#used)];
  }
}

function limits(options: DecompressOptions) {
  const { maxBytes = 128 * 1024 ** 3, maxRatio = 2000 } = options;
  return { maxBytes, maxRatio };
}

/** Ends a stream that gives more than it may, and says what is wrong with it. */
function bounded(
  stream: ReadableStream<Uint8Array>,
  options: DecompressOptions,
  packed: () => number,
): ReadableStream<Uint8Array> {
  const { maxBytes, maxRatio } = limits(options);
  const { signal } = options;
  const reader = stream.getReader();
  let size = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      signal?.throwIfAborted();
      const { done, value } = await read(reader);
      if (done) return controller.close();
      size += value.length;
      const most = size > RATIO_FROM
        ? Math.min(maxBytes, packed() * maxRatio)
        : maxBytes;
      if (size > most) {
        const error = tooMuch(most);
        await reader.cancel(error).catch(() => {});
        throw error;
      }
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch (error) {
    throw isOfUnpacking(error) ? broken(error) : error;
  }
}

/** Tells errors of the unpackers from those of the source. */
function isOfUnpacking(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof RegError) return false;
  const code = "code" in error ? String(error.code) : "";
  return code.startsWith("Z_") ||
    error instanceof WebAssembly.RuntimeError ||
    // What the decoder for xz says.
    /^get_next_output failed/.test(error.message);
}

function broken(cause: unknown): RegError {
  return new RegError("invalid", "Cannot decompress: the data is broken", {
    cause,
  });
}

function tooMuch(most: number): RegError {
  return new RegError(
    "limit",
    `Cannot decompress: more than ${most} bytes came out`,
  );
}

/** Looks at the first bytes of a stream. */
async function peek(
  input: ReadableStream<Uint8Array>,
  count: number,
): Promise<{ start: Uint8Array; stream: ReadableStream<Uint8Array> }> {
  const reader = input.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < count) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
  }
  const start = new Uint8Array(count);
  let at = 0;
  for (const chunk of chunks) {
    start.set(chunk.subarray(0, count - at), at);
    at = Math.min(count, at + chunk.length);
  }
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const kept = chunks.shift();
      if (kept) return controller.enqueue(kept);
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return { start, stream };
}
