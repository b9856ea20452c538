/**
 * Streams cut to measure.
 *
 * @module
 */
import { concat } from "./concat.ts";

/** A stream in pieces of one size, the last one smaller. */
export async function* piecesOf(
  stream: ReadableStream<Uint8Array>,
  size: number,
): AsyncIterable<Uint8Array> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const part of stream) {
    let rest = part;
    while (held + rest.length >= size) {
      parts.push(rest.subarray(0, size - held));
      rest = rest.subarray(size - held);
      yield concat(parts);
      parts = [];
      held = 0;
    }
    if (rest.length > 0) parts.push(rest);
    held += rest.length;
  }
  if (held > 0) yield concat(parts);
}
