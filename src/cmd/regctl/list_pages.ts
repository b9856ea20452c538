/**
 * Lists of names that come page by page: tags and repositories.
 *
 * @module
 */
import type { CallOptions, ListOptions, Page } from "../../registry/core.ts";

/** The flags that choose a part of a list. */
export function listFlags<const V extends string>(value: V): {
  readonly last: {
    readonly kind: "text";
    readonly value: V;
    readonly summary: string;
  };
  readonly limit: {
    readonly kind: "integer";
    readonly value: "N";
    readonly summary: string;
  };
} {
  return {
    last: { kind: "text", value, summary: "List what comes after this one" },
    limit: {
      kind: "integer",
      value: "N",
      summary: "List about this many; all where it is 0",
    },
  };
}

/** The values of the flags. */
export interface ListFlags {
  /** Begins after this name. */
  readonly last: string | undefined;
  /** How many names to ask for; 0 or less is no limit. */
  readonly limit: number | undefined;
}

/** A whole list. */
export interface Listed {
  /** The names, in the order of the server. */
  readonly names: readonly string[];
  /** The last page as it came. */
  readonly page: Page | undefined;
}

/** Reads all pages that the flags choose. */
export async function listPages(
  list: (options: ListOptions) => AsyncIterable<Page>,
  { last, limit = 0 }: ListFlags,
  options: CallOptions,
): Promise<Listed> {
  const names: string[] = [];
  let page: Page | undefined;
  const chosen = { ...options, last, limit: limit > 0 ? limit : undefined };
  for await (page of list(chosen)) names.push(...page.names);
  return { names, page };
}

/** Names in the order of their bytes, one a line. */
export function nameLines(names: readonly string[]): string {
  return names.toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0)
    .map((name) => `${name}\n`).join("");
}
