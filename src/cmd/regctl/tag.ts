/**
 * `regctl tag`.
 *
 * @module
 */
import { indentJson } from "../../base/json_indent.ts";
import { isRegError, RegError } from "../../base/errors.ts";
import type { Node } from "../../cli/command.ts";
import { checkFormat, print } from "../../cli/format.ts";
import { changes, looks } from "../../cli/permissions.ts";
import { can } from "../../registry/core.ts";
import { commonName, parseReference } from "../../registry/reference.ts";
import { formatFlags } from "../shared.ts";
import { defineCommand } from "./define.ts";
import { DRY_RUN, PRETTY } from "./flags.ts";
import { listFlags, listPages, nameLines } from "./list_pages.ts";
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
  needs: looks,
  args: ["repository"],
  completes: ["repository"],
  flags: {
    ...NAME_FILTERS,
    "exclude-digest-tags": {
      kind: "switch",
      summary:
        "Leave out tags such as sha256-<hex>.sig, which belong to another image",
    },
    ...listFlags("TAG"),
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
    const { names, page } = await listPages(
      (options) => store.tags(options),
      flags,
      { signal: call.signal },
    );
    const tags = names.filter((name) =>
      keep(name) && !(flags["exclude-digest-tags"] && DIGEST_TAG.test(name))
    );
    await print(io, call, {
      plain: [PRETTY],
      text: () => nameLines(tags),
      view: async () => {
        const { tagListView } = await import("../../view/mod.ts");
        return tagListView({ reference, tags, page });
      },
      json: () =>
        `${
          indentJson(
            JSON.stringify({
              name: reference.repository || reference.path,
              tags,
            }),
          )
        }\n`,
      headers: page?.headers,
      body: () => page?.bytes ?? "",
    });
  },
});

/** `sha256-<hex>`, alone or with a suffix such as `.sig`. */
const DIGEST_TAG = /^sha(256|384|512)-[0-9a-f]{64,128}(\..*)?$/;

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
