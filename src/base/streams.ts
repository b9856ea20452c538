/**
 * Byte streams: counted, limited, collected.
 *
 * @module
 */
import { concat } from "./concat.ts";
import { RegError } from "./errors.ts";

/** A stream of the given chunks. */
export function fromBytes(
  ...chunks: Uint8Array[]
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(chunks as Uint8Array<ArrayBuffer>[]);
}

/**
 * Passes a stream through `onChunk`, which may look at each chunk and throw,
 * and through `onEnd`, which may refuse the end.
 */
export function tapped(
  stream: ReadableStream<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
  onEnd: () => void = () => {},
): ReadableStream<Uint8Array> {
  // A reader and a pull are several times cheaper a chunk than a TransformStream.
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      try {
        if (done) {
          onEnd();
          controller.close();
        } else {
          onChunk(value);
          controller.enqueue(value);
        }
      } catch (error) {
        if (!done) await reader.cancel(error).catch(() => {});
        throw error;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

/** Calls `onBytes` with the length of each chunk that passes. */
export function counted(
  stream: ReadableStream<Uint8Array>,
  onBytes: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  return tapped(stream, (chunk) => onBytes(chunk.length));
}

/**
 * Errors the stream when more than `max` bytes come.
 *
 * @throws {RegError} `limit`, through the stream.
 */
export function limited(
  stream: ReadableStream<Uint8Array>,
  max: number,
): ReadableStream<Uint8Array> {
  let seen = 0;
  return tapped(stream, (chunk) => {
    seen += chunk.length;
    if (seen > max) throw new RegError("limit", `More than ${max} bytes came`);
  });
}

/**
 * Reads a whole stream into memory.
 *
 * @param max The most bytes to accept.
 * @throws {RegError} `limit` where more come; the stream is cancelled.
 */
export async function collect(
  stream: ReadableStream<Uint8Array>,
  max: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > max) throw new RegError("limit", `More than ${max} bytes came`);
    chunks.push(chunk);
  }
  return concat(chunks);
}

/** Drops the first `count` bytes of a stream. */
export function skipped(
  stream: ReadableStream<Uint8Array>,
  count: number,
): ReadableStream<Uint8Array> {
  if (count <= 0) return stream;
  let left = count;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const rest = chunk.subarray(Math.min(left, chunk.length));
        left -= chunk.length - rest.length;
        if (rest.length > 0) controller.enqueue(rest);
      },
    }),
  );
}

/**
 * A stream of what an iterator gives. Unlike `ReadableStream.from`, cancelling it
 * before the first read lets go of what the iterator would have read from.
 *
 * @param release Called when the stream is cancelled.
 */
export function fromIterator(
  iterator: AsyncIterator<Uint8Array, unknown>,
  release: (reason: unknown) => Promise<unknown> | void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel(reason) {
      // First: a read under way must end before the iterator can.
      await release(reason);
      await iterator.return?.();
    },
  }, { highWaterMark: 0 });
}
