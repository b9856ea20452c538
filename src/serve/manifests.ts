/**
 * Manifests: pulled by tag or digest, pushed, deleted.
 *
 * @module
 */
import type { Descriptor } from "../registry/core.ts";
import { algorithmOf, digestOf } from "../registry/digest.ts";
import { ApiError } from "./api_error.ts";
import { checkManifest } from "./check_manifest.ts";
import { etagOf, isKnown } from "./conditions.ts";
import type { Context } from "./context.ts";
import { checkDigest, checkReference, checkTag } from "./names.ts";
import { receiveAll, tooLarge } from "./receive.ts";
import type { Repository } from "./storage.ts";

/** The most `tag` parameters of one push. */
const MAX_TAGS = 100;

/** Answers GET and HEAD of a manifest. */
export async function getManifest(
  repository: Repository,
  text: string,
  request: Request,
): Promise<Response> {
  const reference = checkReference(text);
  const isHead = request.method === "HEAD";
  const unless = request.headers.get("if-none-match");
  const node = await repository.resolve(reference);
  if (!node) throw await unknownManifest(repository, reference);
  const headers = {
    "cache-control": "no-cache, no-transform",
    "content-type": node.mediaType,
    "docker-content-digest": node.digest,
    etag: etagOf(node.digest),
  };
  if (isKnown(unless, node.digest)) {
    return new Response(null, { status: 304, headers });
  }
  const body = isHead ? null : await repository.read(node);
  if (body === undefined) throw await unknownManifest(repository, reference);
  return new Response(body, {
    headers: { ...headers, "content-length": String(node.size) },
  });
}

/** Answers PUT of a manifest. */
export async function putManifest(
  context: Context,
  repository: Repository,
  text: string,
  request: Request,
): Promise<Response> {
  const reference = checkReference(text);
  const tags = tagsOf(reference, new URL(request.url));
  const { maxManifest: max, idleMs } = context.limits;
  const given = request.headers.get("content-type") ?? "";
  if (Number(request.headers.get("content-length") ?? 0) > max) {
    throw tooLarge(max);
  }
  const bytes = await receiveAll(request.body, { max, idleMs });
  const digest = digestOf(
    bytes,
    reference.includes(":") ? algorithmOf(reference) : "sha256",
  );
  if (reference.includes(":") && reference !== digest) {
    throw new ApiError("DIGEST_INVALID", "The content has another digest", {
      detail: { digest: reference, calculated: digest },
    });
  }
  const manifest = await checkManifest(bytes, repository, {
    mediaType: given,
    sparse: context.sparse,
  });
  const { mediaType, subject } = manifest;
  const descriptor: Descriptor = { mediaType, digest, size: bytes.length };
  await repository.put({ descriptor, bytes, tags, manifest });
  const headers = new Headers({
    location: `/v2/${repository.name}/manifests/${digest}`,
    "docker-content-digest": digest,
    ...(subject ? { "oci-subject": subject.digest } : {}),
  });
  if (reference.includes(":")) {
    for (const tag of tags) headers.append("oci-tag", tag);
  }
  return new Response(null, { status: 201, headers });
}

/** Answers DELETE of a tag or of a manifest. */
export async function deleteManifest(
  repository: Repository,
  text: string,
): Promise<Response> {
  const reference = checkReference(text);
  const done = reference.includes(":")
    ? await repository.removeManifest(checkDigest(reference))
    : await repository.untag(reference);
  if (!done) throw await unknownManifest(repository, reference);
  return new Response(null, { status: 202 });
}

function tagsOf(reference: string, url: URL): string[] {
  const asked = url.searchParams.getAll("tag").map(checkTag);
  if (asked.length > MAX_TAGS) {
    throw new ApiError("TAG_INVALID", `More than ${MAX_TAGS} tags`, {
      status: 414,
    });
  }
  if (reference.includes(":")) return [...new Set(asked)];
  if (asked.length === 0) return [reference];
  throw new ApiError(
    "TAG_INVALID",
    "Tag parameters go with a digest, not with a tag",
    { detail: { tag: reference } },
  );
}

async function unknownManifest(
  repository: Repository,
  reference: string,
): Promise<ApiError> {
  const detail = { name: repository.name, reference };
  return await repository.exists()
    ? new ApiError("MANIFEST_UNKNOWN", "The manifest is unknown", { detail })
    : new ApiError("NAME_UNKNOWN", "The repository is unknown", { detail });
}
