/**
 * Lists of repositories as templates see them.
 *
 * @module
 */
import {
  pointerTo,
  STRING,
  structType,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import type { Page } from "../registry/core.ts";
import { getter, prettyMethod, readKey, TEXTS } from "./declare.ts";
import {
  PAGE_FIELDS,
  PAGE_METHODS,
  type Paged,
  sortedLines,
} from "./listing.ts";

/** What is known of a list of repositories. */
export interface RepositoryListSource {
  /** The registry that was asked. */
  readonly host: string;
  /** The repositories that are shown. */
  readonly repositories: readonly string[];
  /** The last page as it came. */
  readonly page?: Page | undefined;
}

interface Host extends Paged {
  readonly host: string;
  /** Sorted in place by the pretty text, as upstream does. */
  readonly repositories: string[];
}

function isHost(data: unknown): data is Host {
  return typeof data === "object" && data !== null && "repositories" in data;
}

const COMMON = structType("repo.repoCommon", {
  fields: () => [
    {
      name: "host",
      type: STRING,
      unexported: true,
      get: (host) => readKey(host, "host"),
    },
    ...PAGE_FIELDS,
  ],
  methods: () => PAGE_METHODS,
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
