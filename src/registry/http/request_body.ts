/**
 * The body of a request on its way to the wire, watched for silence.
 *
 * @module
 */
import type { RegistryRequest } from "../core.ts";
import type { Deadline } from "./deadline.ts";
import type { WireStream } from "./wire.ts";

/** A registry may take long to commit a large blob: it hashes or moves it. */
const COMMIT_FACTOR = 10;

/** Options for {@linkcode openBody}. */
export interface OpenBodyOptions {
  /** The limit on silence of the whole request. */
  readonly limit: Deadline;
  /** How long the server may be silent, in milliseconds. */
  readonly timeoutMs: number;
  /** Told why the bytes' own source broke. */
  readonly onError: (reason: unknown) => void;
}

/**
 * Opens the body of a request for the wire. Each chunk renews the limit; the end
 * gives a registry time to commit what it has got.
 */
export async function openBody(
  request: RegistryRequest,
  options: OpenBodyOptions,
): Promise<Uint8Array | WireStream | undefined> {
  const { limit, timeoutMs, onError } = options;
  const { body, kind } = request;
  const commitMs = kind === "upload" ? timeoutMs * COMMIT_FACTOR : timeoutMs;
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) {
    limit.renew(commitMs);
    return body;
  }
  // The bytes' own source has its own limits while it is opened.
  limit.renew(Infinity);
  const stream = await body.open(
    request.signal ? { signal: request.signal } : {},
  );
  const { size, untouched = false } = body;
  // Nobody sees untouched bytes pass: whoever hands them on sets the limit.
  if (untouched) return { stream, size, untouched };
  limit.renew(timeoutMs);
  return {
    stream: watched(stream, {
      onBytes: () => limit.renew(timeoutMs),
      onEnd: () => limit.renew(commitMs),
      onError,
    }),
    size,
    untouched,
  };
}

interface WatchOptions {
  readonly onBytes: () => void;
  readonly onEnd: () => void;
  readonly onError: (reason: unknown) => void;
}

/** Passes a stream on and tells what happens; an error stays the source's own. */
function watched(
  stream: ReadableStream<Uint8Array>,
  options: WatchOptions,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  let isCancelled = false;
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await reader.read().catch((error: unknown) => {
        if (!isCancelled) options.onError(error);
        throw error;
      });
      if (isCancelled) return;
      if (done) {
        options.onEnd();
        controller.close();
      } else {
        options.onBytes();
        controller.enqueue(value);
      }
    },
    cancel(reason) {
      isCancelled = true;
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
