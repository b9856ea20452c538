/**
 * What lists of tags and of repositories have in common: they show a page as it
 * came, and their pretty text is sorted.
 *
 * @module
 */
import type { Page } from "../registry/core.ts";
import {
  ANY,
  type Field,
  GoError,
  type Method,
  STRING,
} from "../template/mod.ts";
import { BYTES, getter } from "./declare.ts";
import { HEADER, headersHost } from "./headers.ts";

/** What lists are read from. */
export interface Paged {
  /** The last page as it came. */
  readonly page: Page | undefined;
}

function pageOf(host: unknown): Page | undefined {
  const isPaged = (value: unknown): value is Paged =>
    typeof value === "object" && value !== null && "page" in value;
  return isPaged(host) ? host.page : undefined;
}

const body = (host: unknown) => pageOf(host)?.bytes;
const headers = (host: unknown) => headersHost(pageOf(host)?.headers);

/** The unexported fields about the page, with upstream's names. */
export const PAGE_FIELDS: readonly Field[] = [
  {
    name: "mt",
    type: STRING,
    unexported: true,
    get: (host) => pageOf(host)?.headers?.get("content-type") ?? "",
  },
  { name: "orig", type: ANY, unexported: true },
  { name: "rawHeader", type: HEADER, unexported: true, get: headers },
  { name: "rawBody", type: BYTES, unexported: true, get: body },
];

/** The methods that give the page. */
export const PAGE_METHODS: readonly Method[] = [
  getter("GetOrig", ANY, { read: () => null }),
  getter("RawBody", BYTES, { fails: true, read: ({ data }) => body(data) }),
  getter("RawHeaders", HEADER, {
    fails: true,
    read: ({ data }) => headers(data),
  }),
  getter("MarshalJSON", BYTES, {
    fails: true,
    read: ({ data }) => {
      const bytes = body(data);
      if (bytes !== undefined && bytes.length > 0) return bytes;
      throw new GoError("JSON marshalling failed: not found");
    },
  }),
];

/** Sorts names in place by their bytes, and gives them one a line. */
export function sortedLines(names: string[]): string {
  // Without surrogates the order of UTF-16 is that of UTF-8, and much quicker.
  const isPlain = names.every((name) => !/[\ud800-\udfff]/.test(name));
  const sorted = isPlain ? names.sort() : names.sort(byCodePoint);
  return sorted.map((name) => `${name}\n`).join("");
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) -
      (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
