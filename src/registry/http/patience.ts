/**
 * An end to waiting for small answers: lists, manifests, tokens and errors.
 *
 * @module
 */
import type { Layer } from "../core.ts";
import { withBody } from "./responses.ts";
import { TimedReader, type TimedReaderOptions } from "./timed_reader.ts";

/** Options for {@linkcode patience}. */
export interface PatienceOptions {
  /** How long a body may give nothing, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
}

/** A small answer that keeps coming, byte by byte, may take this many time-outs. */
const TOTAL = 10;

/**
 * Breaks bodies that give nothing for too long, or take ten times as long as a
 * whole; the body of an error, which adds little to its status, gets the time of
 * one silence. Blobs may be as large as they are: their own layer watches them.
 */
export function patience(options: PatienceOptions = {}): Layer {
  const { timeoutMs = 60_000 } = options;
  return (next) => async (request) => {
    const response = await next(request);
    const { body, status } = response;
    const isBlob = request.kind === "blob" && status < 400;
    if (body === null || isBlob) return response;
    const totalMs = status < 400 ? timeoutMs * TOTAL : timeoutMs;
    const { signal } = request;
    return withBody(response, timed(body, { timeoutMs, totalMs, signal }));
  };
}

/** Starts the clock when the body is first asked for. */
function timed(
  body: ReadableStream<Uint8Array>,
  options: TimedReaderOptions,
): ReadableStream<Uint8Array> {
  let started: TimedReader | undefined;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      started ??= new TimedReader(body, options);
      const { value, done } = await started.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => started ? started.cancel(reason) : body.cancel(reason),
  }, { highWaterMark: 0 });
}
