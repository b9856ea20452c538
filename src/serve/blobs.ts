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
  const size = await repository.size(digest);
  if (size === undefined) throw unknownBlob(digest);
  const headers = {
    "accept-ranges": "bytes",
    "cache-control": "max-age=31536000, immutable, no-transform",
    "content-type": "application/octet-stream",
    "docker-content-digest": digest,
    etag: etagOf(digest),
  };
  if (isKnown(request.headers.get("if-none-match"), digest)) {
    return new Response(null, { status: 304, headers });
  }
  const isHead = request.method === "HEAD";
  const asked = !isHead && allowsRange(request.headers.get("if-range"), digest)
    ? parseRange(request.headers.get("range"), size)
    : undefined;
  const range = asked ?? { start: 0, end: size };
  const body = isHead ? null : await repository.open(digest, range);
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
