/**
 * Reading a request's body with limits of size and time.
 *
 * @module
 */
import { concat } from "../base/concat.ts";
import { ApiError } from "./api_error.ts";
import { Patience } from "./patience.ts";

/** Limits for {@linkcode receive}. */
export interface ReceiveOptions {
  /** The most bytes to take. */
  readonly max: number;
  /** The longest wait for the next bytes, in milliseconds. */
  readonly idleMs: number;
  /** Stops reading. */
  readonly signal?: AbortSignal | undefined;
}

/** A body that is no body: what a request without one has. */
type RequestStream = ReadableStream<Uint8Array> | null;

/**
 * Gives the chunks of a body to `take`, one after the other.
 *
 * @returns How many bytes came.
 * @throws {ApiError} 413 for more bytes than `max`, 408 for none in time, 400
 * where the connection broke.
 */
export async function receive(
  body: RequestStream,
  take: (chunk: Uint8Array) => Promise<void> | void,
  options: ReceiveOptions,
): Promise<number> {
  if (body === null) return 0;
  const { max, idleMs, signal } = options;
  const reader = body.getReader();
  using patience = new Patience(idleMs, signal);
  try {
    let size = 0;
    while (true) {
      const { done, value } = await patience.wait(reader.read()).catch(broken);
      if (done) return size;
      size += value.length;
      if (size > max) throw tooLarge(max);
      await take(value);
    }
  } finally {
    // A body that is not read to its end is let go, not kept in memory.
    void reader.cancel().catch(() => {});
  }
}

/** Reads a body into memory. See {@linkcode receive}. */
export async function receiveAll(
  body: RequestStream,
  options: ReceiveOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  await receive(body, (chunk) => void chunks.push(chunk), options);
  return concat(chunks);
}

/** How much of an unwanted body is read, so that its sender sees the answer. */
const DRAIN = 256 * 1024;

/**
 * Reads the rest of a body that nobody wants: a client that is still writing
 * when the connection closes may never see the answer.
 */
export async function drain(body: RequestStream): Promise<void> {
  if (body === null || body.locked) return;
  const limits = { max: DRAIN, idleMs: 1000 };
  await receive(body, () => {}, limits).catch(() => 0);
}

/** Refuses a body that is, or says it is, larger than `max` bytes. */
export function tooLarge(max: number): ApiError {
  return new ApiError(
    "SIZE_INVALID",
    `The content is larger than ${max} bytes`,
    {
      status: 413,
      detail: { limit: max },
    },
  );
}

function broken(cause: unknown): never {
  if (cause instanceof ApiError) throw cause;
  throw new ApiError("BLOB_UPLOAD_INVALID", "The content ended too early", {
    cause,
  });
}
