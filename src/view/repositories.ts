/**
 * Lists of repositories as templates see them.
 *
 * @module
 */
import {
  ANY,
  GoError,
  pointerTo,
  STRING,
  structType,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import type { Page } from "../registry/core.ts";
import { BYTES, getter, prettyMethod, readKey, TEXTS } from "./declare.ts";
import { HEADER, headersHost } from "./headers.ts";
import { sortedLines } from "./tags.ts";

/** What is known of a list of repositories. */
export interface RepositoryListSource {
  /** The registry that was asked. */
  readonly host: string;
  /** The repositories that are shown. */
  readonly repositories: readonly string[];
  /** The last page as it came. */
  readonly page?: Page | undefined;
}

interface Host {
  readonly host: string;
  /** Sorted in place by the pretty text, as upstream does. */
  readonly repositories: string[];
  readonly page: Page | undefined;
}

function isHost(data: unknown): data is Host {
  return typeof data === "object" && data !== null && "repositories" in data;
}

const body = (host: unknown) => isHost(host) ? host.page?.bytes : undefined;
const headers = (host: unknown) =>
  isHost(host) ? headersHost(host.page?.headers) : null;

const COMMON = structType("repo.repoCommon", {
  fields: () => [
    {
      name: "host",
      type: STRING,
      unexported: true,
      get: (host) => readKey(host, "host"),
    },
    {
      name: "mt",
      type: STRING,
      unexported: true,
      get: (host) =>
        isHost(host) ? host.page?.headers?.get("content-type") ?? "" : "",
    },
    { name: "orig", type: ANY, unexported: true },
    { name: "rawHeader", type: HEADER, unexported: true, get: headers },
    { name: "rawBody", type: BYTES, unexported: true, get: body },
  ],
  methods: () => [
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
  ],
});

const LIST = structType("repo.RepoRegistryList", {
  fields: () => [{
    name: "Repositories",
    type: TEXTS,
    json: "repositories",
    get: (host) => readKey(host, "repositories"),
  }],
  methods: () => [
    getter("GetRepos", TEXTS, {
      fails: true,
      read: ({ data }) => readKey(data, "repositories"),
    }),
    prettyMethod(({ data }) =>
      isHost(data) ? sortedLines(data.repositories) : ""
    ),
  ],
});

const same = (host: unknown) => host;

/** `repo.RepoList`. */
export const REPOSITORY_LIST: Type = structType("repo.RepoList", {
  fields: () => [
    {
      name: "repoCommon",
      type: COMMON,
      embedded: true,
      unexported: true,
      get: same,
    },
    { name: "RepoRegistryList", type: LIST, embedded: true, get: same },
  ],
});

/** A list of repositories as templates see it. */
export function repositoryListView(source: RepositoryListSource): Value {
  const { host, page } = source;
  const data: Host = { host, page, repositories: [...source.repositories] };
  return wrap(pointerTo(REPOSITORY_LIST), data);
}
