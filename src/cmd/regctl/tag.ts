/**
 * `regctl tag`.
 *
 * @module
 */
import { indentJson } from "../../base/json_indent.ts";
import { isRegError, RegError } from "../../base/errors.ts";
import type { Node } from "../../cli/command.ts";
import { checkFormat, print } from "../../cli/format.ts";
import { changes, READS } from "../../cli/permissions.ts";
import { can, type Page } from "../../registry/core.ts";
import { commonName, parseReference } from "../../registry/reference.ts";
import { formatFlags } from "../shared.ts";
import { defineCommand } from "./define.ts";
import { DRY_RUN, PRETTY } from "./flags.ts";
import { compileAnchored, NAME_FILTERS } from "./name_filter.ts";
import { openSession } from "./session.ts";

const ls = defineCommand({
  name: "ls",
  aliases: ["list"],
  summary: "list tags in a repo",
  description:
    "List tags in a repository, sorted. Many registries ignore --last and --limit.\n" +
    "In an OCI layout, the index is available to templates as Index.",
  examples: [
    {
      about: "list all tags in a repository",
      line: "regctl tag ls registry.example.org/repo",
    },
    {
      about: "leave out tags that belong to other images",
      line: "regctl tag ls registry.example.org/repo --exclude-digest-tags",
    },
  ],
  needs: READS,
  args: ["repository"],
  completes: ["repository"],
  flags: {
    ...NAME_FILTERS,
    "exclude-digest-tags": {
      kind: "switch",
      summary:
        "Leave out tags such as sha256-<hex>.sig, which belong to another image",
    },
    last: {
      kind: "text",
      value: "TAG",
      summary: "List what comes after this tag",
    },
    limit: {
      kind: "integer",
      value: "N",
      summary: "List about this many tags",
    },
    ...formatFlags(PRETTY),
  },
  async run(io, call) {
    const { args: [text], flags, given } = call;
    checkFormat(flags, given);
    const reference = parseReference(text);
    const keep = await compileAnchored(flags);
    await using session = openSession(io, call);
    const store = await session.open(reference);
    if (!can(store, "tags")) {
      throw new RegError("unsupported", `Cannot list tags of "${store.name}"`);
    }
    const names: string[] = [];
    let last: Page | undefined;
    const { limit, last: after } = flags;
    for await (
      const page of store.tags({ limit, last: after, signal: call.signal })
    ) {
      names.push(...page.names);
      last = page;
    }
    const tags = names.filter((name) =>
      keep(name) && !(flags["exclude-digest-tags"] && DIGEST_TAG.test(name))
    );
    await print(io, call, {
      plain: [PRETTY],
      text: () => lines(tags),
      view: async () => {
        const { tagListView } = await import("../../view/mod.ts");
        return tagListView({ reference, tags, page: last });
      },
      json: () =>
        `${indentJson(JSON.stringify({ name: reference.repository, tags }))}\n`,
      headers: last?.headers,
      body: () => last?.bytes ?? "",
    });
  },
});

/** `sha256-<hex>`, alone or with a suffix such as `.sig`. */
const DIGEST_TAG = /^sha(256|384|512)-[0-9a-f]{64,128}(\..*)?$/;

/** Names by their bytes, one a line. */
export function lines(names: readonly string[]): string {
  return names.toSorted(byCodePoint).map((name) => `${name}\n`).join("");
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const del = defineCommand({
  name: "delete",
  aliases: ["del", "rm", "remove"],
  summary: "delete a tag in a repo",
  description:
    "Delete a tag and leave the manifest and its other tags. Where a registry cannot,\n" +
    "the tag is pointed at a dummy manifest, which is then deleted.",
  examples: [{
    about: "delete a tag",
    line: "regctl tag delete registry.example.org/repo:v42",
  }],
  needs: changes,
  args: ["ref"],
  completes: ["reference"],
  flags: {
    "ignore-missing": {
      kind: "switch",
      summary: "Do not fail where the tag is not there",
    },
    ...DRY_RUN,
  },
  async run(io, call) {
    const { args: [text], flags, signal } = call;
    const reference = parseReference(text);
    if (reference.tag === "") {
      throw new RegError(
        "reference",
        `Cannot delete tag of ${
          JSON.stringify(commonName(reference))
        }: no tag in it`,
      );
    }
    await using session = openSession(io, call);
    const store = await session.open(reference);
    if (!can(store, "untag")) {
      throw new RegError(
        "unsupported",
        `Cannot delete tags of "${store.name}"`,
      );
    }
    const { deleteTag } = await import("../../registry/tag_delete.ts");
    try {
      await deleteTag(store, reference.tag, { signal });
    } catch (error) {
      if (!flags["ignore-missing"] || !isRegError(error, "not_found")) {
        throw error;
      }
    }
  },
});

/** The commands for tags. */
export const tagCommands: readonly Node[] = [del, ls];
