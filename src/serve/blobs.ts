/**
 * Blobs: pulled whole or in part, deleted.
 *
 * @module
 */
import type { Digest } from "../registry/core.ts";
import { ApiError } from "./api_error.ts";
import { allowsRange, etagOf, isKnown } from "./conditions.ts";
import { checkDigest } from "./names.ts";
import { formatContentRange, parseRange } from "./ranges.ts";
import type { Repository } from "./storage.ts";

/** Answers GET and HEAD of a blob. */
export async function getBlob(
  repository: Repository,
  text: string,
  request: Request,
): Promise<Response> {
  const digest = checkDigest(text);
  const wanted = wantedOf(request);
  const size = await repository.size(digest);
  if (size === undefined) throw unknownBlob(digest);
  const headers = {
    "accept-ranges": "bytes",
    "cache-control": "max-age=31536000, immutable, no-transform",
    "content-type": "application/octet-stream",
    "docker-content-digest": digest,
    etag: etagOf(digest),
  };
  if (isKnown(wanted.unless, digest)) {
    return new Response(null, { status: 304, headers });
  }
  const asked = !wanted.isHead && allowsRange(wanted.rangeIf, digest)
    ? parseRange(wanted.range, size)
    : undefined;
  const range = asked ?? { start: 0, end: size };
  const body = wanted.isHead ? null : await repository.open(digest, range);
  if (body === undefined) throw unknownBlob(digest);
  return new Response(body, {
    status: asked ? 206 : 200,
    headers: {
      ...headers,
      "content-length": String(range.end - range.start),
      ...(asked ? { "content-range": formatContentRange(asked, size) } : {}),
    },
  });
}

/** Reads what a request wants at once: one whose client went away cannot be read. */
function wantedOf({ method, headers }: Request) {
  return {
    isHead: method === "HEAD",
    unless: headers.get("if-none-match"),
    range: headers.get("range"),
    rangeIf: headers.get("if-range"),
  };
}

/** Answers DELETE of a blob. */
export async function deleteBlob(
  repository: Repository,
  text: string,
): Promise<Response> {
  const digest = checkDigest(text);
  if (!await repository.removeBlob(digest)) throw unknownBlob(digest);
  return new Response(null, { status: 202 });
}

function unknownBlob(digest: Digest): ApiError {
  return new ApiError("BLOB_UNKNOWN", "The blob is unknown to the registry", {
    detail: { digest },
  });
}
