/**
 * Repositories, tags and referrers: listed, and tags deleted.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import type { LogStruct } from "../../base/log.ts";
import { can, type ListOptions, type Page } from "../../registry/core.ts";
import {
  commonName,
  parseHost,
  tagOrDigest,
} from "../../registry/reference.ts";
import { type LuaTable, textOf } from "../codec.ts";
import { ArgumentError } from "../worker_thread.ts";
import { checkRegistry } from "./allow.ts";
import { boolOption, type Call, integerOption, textOption } from "./call.ts";
import type { Definition } from "./definition.ts";
import { exportStruct } from "./export.ts";
import { REF } from "./reference.ts";
import { deleteTag as deleteFrom } from "../../registry/tag_delete.ts";
import { mayDo, openFor } from "./session.ts";
import { DESCRIPTOR } from "./shape.ts";

const LIMIT = "`limit`: how many names to ask for; ";
const LAST = "`last`: start after this name";

/** The functions of repositories, tags and referrers. */
export const LISTS: readonly Definition[] = [
  {
    name: "repo.ls",
    text: "Lists the repositories of a registry, one page of them.",
    parameters: [
      {
        name: "host",
        type: "string",
        text: "The registry, such as `localhost:5000`.",
      },
      {
        name: "options",
        type: "{ limit?: integer, last?: string, all?: boolean }",
        optional: true,
        text: `${LIMIT}${LAST}; \`all\`: all of them, whatever the limit.`,
      },
    ],
    results: [{
      type: "string[]",
      text: "The names, in the registry's order.",
    }],
    run: listRepositories,
  },
  {
    name: "tag.ls",
    text: "Lists the tags of a repository, in all pages.",
    parameters: [
      {
        name: "ref",
        type: REF,
        text: "The repository; its tag does not count.",
      },
      {
        name: "options",
        type: "{ limit?: integer, last?: string }",
        optional: true,
        text: `${LIMIT}${LAST}.`,
      },
    ],
    results: [{ type: "string[]", text: "The tags, in the registry's order." }],
    run: listTags,
  },
  {
    name: "tag.delete",
    text:
      "Deletes a tag and leaves the manifest, and other tags that point at it.",
    parameters: [{ name: "ref", type: REF, text: "The image, with its tag." }],
    results: [],
    run: deleteTag,
  },
  {
    name: "referrer.ls",
    text:
      "Lists the manifests that have another one as their subject: signatures, SBOMs and the like.",
    parameters: [
      { name: "ref", type: REF, text: "The image." },
      {
        name: "options",
        type: "{ artifactType?: string }",
        optional: true,
        text: "`artifactType`: only those of this type.",
      },
    ],
    results: [{ type: "descriptor[]", text: "Their descriptors." }],
    run: listReferrers,
  },
];

async function deleteTag(call: Call) {
  const { session, signal } = call;
  const ref = call.reference(1);
  const name = commonName(ref);
  session.log.info("Delete tag", {
    script: session.name,
    image: name,
    "dry-run": session.dryRun,
  });
  try {
    await mayDo(session, ref, "delete");
    if (session.dryRun) return [];
    if (ref.tag === "") {
      throw new RegError("reference", "tag missing from image reference");
    }
    await using store = await openFor(session, ref, "delete");
    if (!can(store, "untag")) {
      throw new RegError("unsupported", "tags cannot be deleted here");
    }
    await deleteFrom(store, ref.tag, { signal });
  } catch (error) {
    throw failed(`Failed deleting "${name}"`, error);
  }
  return [];
}

async function listRepositories(call: Call) {
  const { session, signal } = call;
  const value = call.value(1);
  const expected = "Expected registry name (host and optional port)";
  if (!(value instanceof Uint8Array)) throw new ArgumentError(1, expected);
  const host = textOf(value);
  const options = call.table(2);
  const { shown, ...list } = listOptions(options);
  session.log.debug("Listing repositories", {
    script: session.name,
    host,
    opts: shown,
  });
  try {
    const { registry } = parseHost(host);
    if (registry === "") {
      throw new RegError("unsupported", "unsupported scheme");
    }
    checkRegistry(session.allow, registry);
    const names: string[] = [];
    const all = boolOption(options, "all");
    const pages = session.client.repositories(registry, {
      ...list,
      ...(all ? { limit: undefined } : {}),
      signal,
    });
    for await (const page of pages) {
      names.push(...page.names);
      if (!all) break;
    }
    return [names];
  } catch (error) {
    throw failed("Failed retrieving repo list", error);
  }
}

async function listTags(call: Call) {
  const { session, signal } = call;
  const ref = call.reference(1);
  const { shown, ...list } = listOptions(call.table(2));
  session.log.debug("Listing tags", {
    script: session.name,
    repo: commonName(ref),
    opts: shown,
  });
  try {
    await using store = await openFor(session, ref, "read");
    if (!can(store, "tags")) throw new RegError("unsupported", "no tags here");
    const names: string[] = [];
    const pages: AsyncIterable<Page> = store.tags({ ...list, signal });
    for await (const page of pages) names.push(...page.names);
    return [names];
  } catch (error) {
    throw failed("Failed retrieving tag list", error);
  }
}

async function listReferrers(call: Call) {
  const { session, signal } = call;
  const ref = call.reference(1);
  const artifactType = textOption(call.table(2), "artifactType");
  session.log.debug("Listing referrers", {
    script: session.name,
    image: commonName(ref),
  });
  try {
    await using store = await openFor(session, ref, "read");
    if (!can(store, "referrers")) {
      throw new RegError("unsupported", "no referrers here");
    }
    const node = await store.resolve(tagOrDigest(ref), { signal });
    const { descriptors } = await store.referrers(node, { signal });
    return [
      descriptors
        .filter((d) => artifactType === "" || d.artifactType === artifactType)
        .map((d) => exportStruct({ ...d }, DESCRIPTOR)),
    ];
  } catch (error) {
    throw failed("Failed retrieving referrers", error);
  }
}

function listOptions(
  table: LuaTable | undefined,
): ListOptions & { readonly shown: LogStruct } {
  const limit = integerOption(table, "limit");
  const last = textOption(table, "last");
  return {
    ...(limit > 0 ? { limit } : {}),
    ...(last === "" ? {} : { last }),
    shown: {
      logText: `{Limit:${limit} Last:${last}}`,
      logJson: { limit, last },
    },
  };
}

/** The error of a call, with what it was about to do. */
export function failed(action: string, error: unknown): Error {
  return new RegError("script", `${action}: ${reasonOf(error)}`, {
    cause: error,
  });
}

/** Why something failed; a deadline in the words that scripts know. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error);
  if (error.name === "TimeoutError") return "context deadline exceeded";
  return error.name === "AbortError" ? "context canceled" : error.message;
}
