/**
 * What names repositories, tags and digests in requests: checked at the edge.
 *
 * @module
 */
import type { Digest } from "../registry/core.ts";
import { isDigest } from "../registry/digest.ts";
import { isRepository, isTag } from "../registry/reference.ts";
import { ApiError } from "./api_error.ts";

/** The longest name: what the specification tells clients to stay below, with a host. */
const LONGEST_NAME = 255;

/**
 * Checks the name of a repository.
 *
 * @throws {ApiError} `NAME_INVALID`
 */
export function checkName(text: string): string {
  // The length comes first: the pattern is not run on what nobody may send.
  if (text.length <= LONGEST_NAME && isRepository(text)) return text;
  throw new ApiError("NAME_INVALID", "The repository's name is invalid", {
    detail: { name: text.slice(0, LONGEST_NAME) },
  });
}

/**
 * Checks a digest.
 *
 * @throws {ApiError} `DIGEST_INVALID`
 */
export function checkDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new ApiError("DIGEST_INVALID", "The digest is invalid", {
    detail: { digest: text.slice(0, LONGEST_NAME) },
  });
}

/**
 * Checks a tag.
 *
 * @throws {ApiError} `TAG_INVALID`
 */
export function checkTag(text: string): string {
  if (isTag(text)) return text;
  throw new ApiError("TAG_INVALID", "The tag is invalid", {
    detail: { tag: text.slice(0, LONGEST_NAME) },
  });
}

/** Checks the tag or digest of a manifest: what holds a colon is a digest. */
export function checkReference(text: string): string {
  return text.includes(":") ? checkDigest(text) : checkTag(text);
}
