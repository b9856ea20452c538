/**
 * Digests: what bytes hash to.
 *
 * See {@link https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests}.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { RegError } from "../base/errors.ts";
import type { Digest } from "./core.ts";

/** The hash functions that we compute and verify. */
export type DigestAlgorithm = "sha256" | "sha384" | "sha512";

/** The length of each algorithm's hash, in hexadecimal digits. */
const LENGTHS: Readonly<Record<DigestAlgorithm, number>> = {
  sha256: 64,
  sha384: 96,
  sha512: 128,
};

/** The algorithms in {@linkcode DigestAlgorithm}. */
export const DIGEST_ALGORITHMS: readonly DigestAlgorithm[] = [
  "sha256",
  "sha384",
  "sha512",
];

function isAlgorithm(text: string): text is DigestAlgorithm {
  return Object.hasOwn(LENGTHS, text);
}

/**
 * Checks the text of a digest.
 *
 * @throws {RegError} `reference` for bad form, wrong length or an algorithm
 * that we cannot verify.
 */
export function parseDigest(text: string): Digest {
  const match = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([A-Za-z0-9=_-]+)$/.exec(
    text,
  );
  const [, algorithm = "", hash = ""] = match ?? [];
  if (!match) {
    throw new RegError(
      "reference",
      `Cannot parse digest ${
        JSON.stringify(text)
      }: invalid checksum digest format`,
    );
  }
  if (!isAlgorithm(algorithm)) {
    throw new RegError(
      "reference",
      `Cannot use digest ${JSON.stringify(text)}: unsupported digest algorithm`,
    );
  }
  if (hash.length !== LENGTHS[algorithm]) {
    throw new RegError(
      "reference",
      `Cannot parse digest ${
        JSON.stringify(text)
      }: invalid checksum digest length`,
    );
  }
  if (!/^[0-9a-f]+$/.test(hash)) {
    throw new RegError(
      "reference",
      `Cannot parse digest ${
        JSON.stringify(text)
      }: invalid checksum digest format`,
    );
  }
  return `${algorithm}:${hash}`;
}

/** Tells whether a text is a digest that we can verify. */
export function isDigest(text: string): text is Digest {
  const [algorithm = "", hash = "", ...more] = text.split(":");
  return more.length === 0 && isAlgorithm(algorithm) &&
    hash.length === LENGTHS[algorithm] && /^[0-9a-f]+$/.test(hash);
}

/** The part before the colon. */
export function algorithmOf(digest: string): string {
  return digest.slice(0, Math.max(0, digest.indexOf(":")));
}

/** The part after the colon. */
export function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1);
}

/** Hashes bytes as they come. */
export interface Hasher {
  /** Takes more bytes. */
  update(bytes: Uint8Array): void;
  /** The digest of all bytes; ends the hasher. */
  digest(): Digest;
}

/**
 * A hasher for an algorithm.
 *
 * @throws {RegError} `unsupported` for an algorithm that we cannot compute.
 */
export function createHasher(algorithm: string = "sha256"): Hasher {
  if (!isAlgorithm(algorithm)) {
    throw new RegError(
      "unsupported",
      `digest algorithm ${algorithm} is not available`,
    );
  }
  const hash = createHash(algorithm);
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => `${algorithm}:${hash.digest("hex")}`,
  };
}

/**
 * The digest of bytes.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(
 *   digestOf(new TextEncoder().encode("{}")),
 *   "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
 * );
 * ```
 */
export function digestOf(
  bytes: Uint8Array,
  algorithm: string = "sha256",
): Digest {
  const hasher = createHasher(algorithm);
  hasher.update(bytes);
  return hasher.digest();
}
