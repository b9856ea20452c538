/**
 * Pushing blobs: in one request, in two, in chunks, as a stream, or mounted.
 *
 * See {@link https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs}.
 *
 * @module
 */
import type { Digest } from "../registry/core.ts";
import { DIGEST_ALGORITHMS, isDigest } from "../registry/digest.ts";
import { isRepository } from "../registry/reference.ts";
import { ApiError } from "./api_error.ts";
import type { Context } from "./context.ts";
import { checkDigest } from "./names.ts";
import { formatUploadRange, parseContentRange } from "./ranges.ts";
import { tooLarge } from "./receive.ts";
import type { Repository } from "./storage.ts";
import { unknownUpload, type Upload } from "./upload.ts";

/** Answers POST: begins an upload, mounts a blob, or takes it whole. */
export async function beginUpload(
  context: Context,
  repository: Repository,
  request: Request,
): Promise<Response> {
  const incoming = incomingOf(request);
  const query = new URL(request.url).searchParams;
  const mount = query.get("mount");
  if (mount !== null && await mounts(context, repository, query)) {
    return created(repository, checkDigest(mount));
  }
  const whole = query.get("digest");
  const digest = whole === null ? undefined : checkDigest(whole);
  const upload = await context.uploads.create(
    repository,
    algorithmFor(digest ?? mount, query.get("digest-algorithm")),
  );
  if (!digest) return accepted(context, repository, upload, 202);
  return await upload.exclusively(async (signal) => {
    try {
      await receiveInto(context, upload, incoming, signal);
    } catch (error) {
      // Nobody knows the session's URL, so nobody can go on with it.
      await context.uploads.drop(repository, upload);
      throw error;
    }
    return await complete(context, repository, upload, digest);
  });
}

/** Answers PATCH: appends a chunk or a stream. */
export async function patchUpload(
  context: Context,
  repository: Repository,
  id: string,
  request: Request,
): Promise<Response> {
  const incoming = incomingOf(request);
  const upload = await find(context, repository, id);
  return await upload.exclusively(async (signal) => {
    await receiveInto(context, upload, incoming, signal);
    return accepted(context, repository, upload, 202);
  });
}

/** Answers PUT: appends the rest, if any, and makes the upload a blob. */
export async function finishUpload(
  context: Context,
  repository: Repository,
  id: string,
  request: Request,
): Promise<Response> {
  const incoming = { ...incomingOf(request), isLast: true };
  const text = new URL(request.url).searchParams.get("digest") ?? "";
  const digest = checkDigest(text);
  const upload = await find(context, repository, id);
  return await upload.exclusively(async (signal) => {
    await receiveInto(context, upload, incoming, signal);
    return await complete(context, repository, upload, digest);
  });
}

/** Answers GET: how far an upload is. */
export async function uploadStatus(
  context: Context,
  repository: Repository,
  id: string,
): Promise<Response> {
  const upload = await find(context, repository, id);
  return accepted(context, repository, upload, 204);
}

/** Answers DELETE: drops an upload. */
export async function cancelUpload(
  context: Context,
  repository: Repository,
  id: string,
): Promise<Response> {
  const upload = await find(context, repository, id);
  return await upload.exclusively(async () => {
    await context.uploads.drop(repository, upload);
    return new Response(null, { status: 204 });
  });
}

async function find(
  context: Context,
  repository: Repository,
  id: string,
): Promise<Upload> {
  const upload = await context.uploads.find(repository, id);
  if (upload) return upload;
  throw unknownUpload(id.slice(0, 64));
}

/** What a request brings. */
interface Incoming {
  readonly body: ReadableStream<Uint8Array> | null;
  readonly contentRange: string | null;
  readonly length: number;
  readonly isLast?: boolean;
}

/** Looks at a request at once: one whose client went away cannot be read. */
function incomingOf({ body, headers }: Request): Incoming {
  return {
    body,
    contentRange: headers.get("content-range"),
    length: Number(headers.get("content-length") ?? 0),
  };
}

async function receiveInto(
  context: Context,
  upload: Upload,
  incoming: Incoming,
  signal: AbortSignal,
): Promise<void> {
  const { maxBlob, minChunk, idleMs } = context.limits;
  const { body, contentRange, length, isLast = false } = incoming;
  if (upload.spool.size + length > maxBlob) throw tooLarge(maxBlob);
  try {
    const range = parseContentRange(contentRange);
    if (range) upload.checkChunk(range, isLast ? 0 : minChunk);
    await upload.append(body, { range, maxBlob, idleMs, signal });
  } catch (error) {
    throw withProgress(error, upload);
  }
}

/** Tells the client of a chunk that does not fit where to go on. */
function withProgress(error: unknown, upload: Upload): unknown {
  if (!(error instanceof ApiError) || error.status !== 416) return error;
  const [entry] = error.entries;
  return new ApiError("BLOB_UPLOAD_INVALID", error.message, {
    status: 416,
    cause: error,
    ...(entry?.detail === undefined ? {} : { detail: entry.detail }),
    headers: { range: formatUploadRange(upload.spool.size) },
  });
}

async function complete(
  context: Context,
  repository: Repository,
  upload: Upload,
  digest: Digest,
): Promise<Response> {
  const got = await upload.digest(digest);
  if (got !== digest) {
    await context.uploads.drop(repository, upload);
    throw new ApiError("DIGEST_INVALID", "The content has another digest", {
      detail: { digest, calculated: got },
    });
  }
  await repository.adopt(upload.spool, digest);
  await context.uploads.drop(repository, upload);
  return created(repository, digest);
}

/** Mounts from the repository that was named, or from whichever has the blob. */
async function mounts(
  context: Context,
  repository: Repository,
  query: URLSearchParams,
): Promise<boolean> {
  const digest = query.get("mount") ?? "";
  const from = query.get("from");
  // What cannot be mounted is uploaded: the specification wants no error here.
  if (!isDigest(digest) || (from !== null && !isRepository(from))) return false;
  if (await repository.size(digest) !== undefined) return true;
  const names = from === null ? await context.storage.repositories() : [from];
  for (const name of names) {
    const source = context.storage.repository(name);
    if (await repository.mount(digest, source)) return true;
  }
  return false;
}

/** What to hash while bytes arrive: the best guess of what the last request names. */
function algorithmFor(digest: string | null, asked: string | null): string {
  const name = asked ?? digest?.split(":")[0] ?? "";
  const known = DIGEST_ALGORITHMS.find((algorithm) => algorithm === name);
  if (known) return known;
  if (asked === null) return "sha256";
  throw new ApiError(
    "DIGEST_INVALID",
    "The digest algorithm is not supported",
    {
      detail: { "digest-algorithm": asked.slice(0, 64) },
    },
  );
}

function accepted(
  context: Context,
  repository: Repository,
  upload: Upload,
  status: 202 | 204,
): Response {
  const { minChunk } = context.limits;
  return new Response(null, {
    status,
    headers: {
      location: `/v2/${repository.name}/blobs/uploads/${upload.id}`,
      range: formatUploadRange(upload.spool.size),
      "docker-upload-uuid": upload.id,
      ...(minChunk > 0 ? { "oci-chunk-min-length": String(minChunk) } : {}),
    },
  });
}

function created(repository: Repository, digest: Digest): Response {
  return new Response(null, {
    status: 201,
    headers: {
      location: `/v2/${repository.name}/blobs/${digest}`,
      "docker-content-digest": digest,
    },
  });
}
