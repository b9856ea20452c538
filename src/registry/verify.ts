/**
 * Bytes that are checked against the descriptor that named them.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import { tapped } from "../base/streams.ts";
import type { Descriptor, Digest } from "./core.ts";
import { algorithmOf, createHasher, digestOf } from "./digest.ts";

/** Bytes do not hash to what was promised. */
export class DigestError extends RegError {
  /** What was promised. */
  readonly expected: Digest;
  /** What came. */
  readonly got: Digest;

  /** Makes the error from what was promised and what came. */
  constructor(expected: Digest, got: Digest) {
    super(
      "mismatch",
      `digest mismatch [expected ${expected}, calculated ${got}]`,
    );
    this.expected = expected;
    this.got = got;
  }
}

/**
 * Passes a blob's bytes on and errors the stream unless size and digest match.
 *
 * @param node What the bytes must be. A negative size is unknown.
 * @throws {RegError} `mismatch`, through the stream.
 */
export function verified(
  stream: ReadableStream<Uint8Array>,
  node: Descriptor,
): ReadableStream<Uint8Array> {
  const hasher = createHasher(algorithmOf(node.digest));
  return tapped(
    sized(stream, node.size),
    (chunk) => hasher.update(chunk),
    () => {
      const got = hasher.digest();
      if (got !== node.digest) throw new DigestError(node.digest, got);
    },
  );
}

/**
 * Passes bytes on and errors the stream unless exactly `size` come.
 *
 * @param size In bytes; negative is unknown, then nothing is checked.
 * @throws {RegError} `mismatch`, through the stream.
 */
export function sized(
  stream: ReadableStream<Uint8Array>,
  size: number,
): ReadableStream<Uint8Array> {
  if (size < 0) return stream;
  let seen = 0;
  const check = (wrong: boolean, what: string) => {
    if (wrong) {
      throw new RegError(
        "mismatch",
        `${what} [expected ${size}, received ${seen}]`,
      );
    }
  };
  return tapped(stream, (chunk) => {
    seen += chunk.length;
    check(seen > size, "size limit exceeded");
  }, () => check(seen !== size, "short read"));
}

/**
 * Checks bytes in memory.
 *
 * @throws {RegError} `mismatch` where size or digest differ.
 */
export function verifyBytes(bytes: Uint8Array, node: Descriptor): void {
  if (node.size >= 0 && bytes.length !== node.size) {
    throw new RegError(
      "mismatch",
      `size mismatch [expected ${node.size}, received ${bytes.length}]`,
    );
  }
  const got = digestOf(bytes, algorithmOf(node.digest));
  if (got !== node.digest) throw new DigestError(node.digest, got);
}
