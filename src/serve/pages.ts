/**
 * Lists in pages: `n`, `last` and the `Link` to the next page.
 *
 * @module
 */
import { ApiError } from "./api_error.ts";

/** One page, and where the next one is. */
export interface ListPage {
  /** The names on this page. */
  readonly names: readonly string[];
  /** The `Link` header; none on the last page. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Compares names as the specification sorts them: by code unit. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Cuts a page out of a list.
 *
 * @param sorted All names, in code unit order.
 * @param url The request's URL, with `n` (how many) and `last` (after which).
 * @param limit The largest page.
 * @throws {ApiError} `PAGINATION_NUMBER_INVALID`
 */
export function pageOf(
  sorted: readonly string[],
  url: URL,
  limit: number,
): ListPage {
  const n = pageSize(url.searchParams.get("n"), limit);
  const last = url.searchParams.get("last");
  const start = last === null ? 0 : firstAfter(sorted, last);
  const names = sorted.slice(start, start + n);
  const more = start + n < sorted.length;
  // Asked for none, there is no last name to go on from.
  if (!more || names.length === 0) return { names, headers: {} };
  const next = new URLSearchParams(url.searchParams);
  next.set("n", String(n));
  next.set("last", names.at(-1) ?? "");
  return { names, headers: { link: nextLink(url, next) } };
}

/** The `Link` header that leads to the next page. */
export function nextLink(url: URL, query: URLSearchParams): string {
  return `<${url.pathname}?${query}>; rel="next"`;
}

function pageSize(text: string | null, limit: number): number {
  if (text === null || text === "") return limit;
  if (/^\d+$/.test(text)) return Math.min(Number(text), limit);
  throw new ApiError(
    "PAGINATION_NUMBER_INVALID",
    `Page size ${JSON.stringify(text)} is no number`,
    { detail: { n: text } },
  );
}

function firstAfter(sorted: readonly string[], last: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareNames(sorted[middle] ?? "", last) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
