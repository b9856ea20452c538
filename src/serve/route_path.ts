/**
 * Where a repository's name ends in a path.
 *
 * @module
 */

/**
 * The endpoints below a name, as the segments that end a path. No two of them
 * can end the same path, since no segment but the last is free.
 */
const ENDINGS: readonly RegExp[] = [
  /^\/v2\/(.+)(\/manifests\/[^/]+)$/,
  /^\/v2\/(.+)(\/blobs\/uploads\/?)$/,
  /^\/v2\/(.+)(\/blobs\/uploads\/[^/]+)$/,
  /^\/v2\/(.+)(\/blobs\/[^/]+)$/,
  /^\/v2\/(.+)(\/referrers\/[^/]+)$/,
  /^\/v2\/(.+)(\/tags\/list)$/,
];

/**
 * Makes a repository's name one segment of the path, so that an ordinary router
 * can match it: names contain slashes, and may contain the words of the API.
 * Other paths come back as they are.
 *
 * @param pathname The path of a request, as it came, escapes included.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(
 *   routePath("/v2/tags/list/manifests/v1"),
 *   "/v2/tags%2Flist/manifests/v1",
 * );
 * ```
 */
export function routePath(pathname: string): string {
  for (const ending of ENDINGS) {
    const match = ending.exec(pathname);
    if (!match) continue;
    const [, name = "", rest = ""] = match;
    return `/v2/${encodeURIComponent(name)}${
      rest === "/blobs/uploads" ? "/blobs/uploads/" : rest
    }`;
  }
  return pathname;
}
