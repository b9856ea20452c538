/**
 * Conditional requests: a digest is the strongest validator there can be.
 *
 * See {@link https://www.rfc-editor.org/rfc/rfc9110#section-13}.
 *
 * @module
 */
import type { Digest } from "../registry/core.ts";

/** The `ETag` of content with a digest. */
export function etagOf(digest: Digest): string {
  return `"${digest}"`;
}

/** Tells whether `If-None-Match` names the content: the client has it. */
export function isKnown(header: string | null, digest: Digest): boolean {
  return header !== null && (header.trim() === "*" || lists(header, digest));
}

/** Tells whether `If-Range`, where there is one, allows a part of the content. */
export function allowsRange(header: string | null, digest: Digest): boolean {
  return header === null || header.trim() === etagOf(digest);
}

function lists(header: string, digest: Digest): boolean {
  return header.split(",").some((tag) =>
    tag.trim().replace(/^W\//, "") === etagOf(digest)
  );
}
