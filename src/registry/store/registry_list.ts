/**
 * Lists of tags and repositories, page by page.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { collect } from "../../base/streams.ts";
import type { ListOptions, Page, RegistryRequest, Transport } from "../core.ts";
import { isJsonObject } from "../go_json.ts";
import { nextLink } from "../http/link.ts";
import { during, redactUrl } from "../http/response_error.ts";
import type { RegistryContext } from "./registry_context.ts";

/** More pages than these are a server that leads in circles. */
const PAGES = 100_000;
const LIST_LIMIT = 64 * 1024 * 1024;

/** Lists the tags of a repository. */
export function listTags(
  context: RegistryContext,
  options: ListOptions = {},
): AsyncIterable<Page> {
  return pages(context.stack.transport, {
    action: `Cannot list tags of ${JSON.stringify(context.name)}`,
    field: "tags",
    registry: context.host.name,
    repository: context.repository,
    path: "tags/list",
    list: options,
  });
}

/** Lists the repositories of a registry. */
export function listRepositories(
  transport: Transport,
  registry: string,
  options: ListOptions = {},
): AsyncIterable<Page> {
  return pages(transport, {
    action: `Cannot list repositories of ${JSON.stringify(registry)}`,
    field: "repositories",
    registry,
    path: "_catalog",
    list: options,
  });
}

interface Listing {
  readonly action: string;
  readonly field: "tags" | "repositories";
  readonly registry: string;
  readonly repository?: string;
  readonly path: string;
  readonly list: ListOptions;
}

async function* pages(
  transport: Transport,
  listing: Listing,
): AsyncGenerator<Page> {
  const { registry, repository, path, list } = listing;
  const { limit = Infinity, last, signal } = list;
  const query = new URLSearchParams({
    ...(last === undefined || last === "" ? {} : { last }),
    ...(limit === Infinity ? {} : { n: String(limit) }),
  }).toString();
  let next: string | undefined = query === "" ? path : `${path}?${query}`;
  let listed = 0;
  for (let page = 0; page < PAGES && next !== undefined; page++) {
    const asked: RegistryRequest = {
      kind: "list",
      registry,
      repository,
      method: "GET",
      path: next,
      headers: { accept: "application/json" },
      signal,
    };
    const { response, names, bytes } = await fetchPage(
      transport,
      asked,
      listing,
    );
    yield { names, bytes, headers: response.headers, url: response.url };
    listed += names.length;
    const link = nextLink(response.headers.get("link"), response.url);
    // A registry that leads back to where we are would never end.
    next = listed >= limit || link === response.url ? undefined : link;
  }
}

async function fetchPage(
  transport: Transport,
  request: RegistryRequest,
  listing: Listing,
): Promise<
  { response: Response; names: readonly string[]; bytes: Uint8Array }
> {
  const response = await transport(request).catch((error: unknown) => {
    throw during(listing.action, error);
  });
  const bytes = response.body
    ? await collect(response.body, LIST_LIMIT)
    : new Uint8Array();
  const names = namesIn(bytes, listing.field);
  if (typeof names === "object") return { response, names, bytes };
  throw new RegError(
    "invalid",
    `${listing.action}: ${names} in the answer from ${
      JSON.stringify(redactUrl(response.url))
    }`,
  );
}

/**
 * The names, or what is wrong. `null` is an empty list, as Go prints one. An entry
 * that is no text spoils the list: what is left of it would pass for whole.
 */
function namesIn(
  bytes: Uint8Array,
  field: "tags" | "repositories",
): readonly string[] | string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return "no JSON";
  }
  if (!isJsonObject(value)) return "no list";
  const list: unknown = Object.hasOwn(value, field) ? value[field] ?? [] : [];
  if (!Array.isArray(list)) return "no list";
  const wrong = list.findIndex((name) => typeof name !== "string");
  return wrong < 0 ? list : `no text at "${field}[${wrong}]"`;
}
