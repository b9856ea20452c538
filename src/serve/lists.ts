/**
 * Lists: repositories, tags, referrers.
 *
 * @module
 */
import type { Descriptor } from "../registry/core.ts";
import { MEDIA_TYPES } from "../registry/media_types.ts";
import { ApiError } from "./api_error.ts";
import type { Context } from "./context.ts";
import { checkDigest } from "./names.ts";
import { compareNames, nextLink, pageOf } from "./pages.ts";
import type { Repository } from "./storage.ts";

/** The largest page of referrers, in bytes: clients take no larger manifests. */
const REFERRERS_BYTES = 4 * 1024 * 1024 - 1024;

/** Answers `_catalog`. */
export async function listRepositories(
  context: Context,
  request: Request,
): Promise<Response> {
  const url = new URL(request.url);
  const all = await context.storage.repositories();
  const { names, headers } = pageOf(all, url, context.limits.pageSize);
  return json({ repositories: names }, headers);
}

/** Answers `tags/list`. */
export async function listTags(
  context: Context,
  repository: Repository,
  request: Request,
): Promise<Response> {
  if (!await repository.exists()) {
    throw new ApiError("NAME_UNKNOWN", "The repository is unknown", {
      detail: { name: repository.name },
    });
  }
  const url = new URL(request.url);
  const all = await repository.tags();
  const { names, headers } = pageOf(all, url, context.limits.pageSize);
  return json({ name: repository.name, tags: names }, headers);
}

/** Answers `referrers/<digest>`: an empty index where there are none. */
export async function listReferrers(
  context: Context,
  repository: Repository,
  text: string,
  request: Request,
): Promise<Response> {
  const subject = checkDigest(text);
  const url = new URL(request.url);
  const type = url.searchParams.get("artifactType");
  const last = url.searchParams.get("last") ?? "";
  const all = (await repository.referrers(subject)).filter((referrer) =>
    (!type || referrer.artifactType === type) &&
    compareNames(referrer.digest, last) > 0
  );
  const manifests = firstPage(all, context.limits.referrersPageSize);
  const next = new URLSearchParams(url.searchParams);
  next.set("last", manifests.at(-1)?.digest ?? "");
  return json({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociIndex,
    manifests,
  }, {
    "content-type": MEDIA_TYPES.ociIndex,
    ...(type ? { "oci-filters-applied": "artifactType" } : {}),
    ...(manifests.length < all.length ? { link: nextLink(url, next) } : {}),
  });
}

/** As many entries as fit, but at least one. */
function firstPage(all: readonly Descriptor[], limit: number): Descriptor[] {
  const page: Descriptor[] = [];
  let bytes = 0;
  for (const referrer of all.slice(0, limit)) {
    bytes += new TextEncoder().encode(JSON.stringify(referrer)).length + 1;
    if (bytes > REFERRERS_BYTES && page.length > 0) break;
    page.push(referrer);
  }
  return page;
}

function json(
  value: unknown,
  headers: Readonly<Record<string, string>>,
): Response {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return new Response(bytes, {
    headers: {
      "cache-control": "no-cache, no-transform",
      "content-type": "application/json",
      "content-length": String(bytes.length),
      ...headers,
    },
  });
}
