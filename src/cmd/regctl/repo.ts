/**
 * `regctl repo`.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { Node } from "../../cli/command.ts";
import { checkFormat, jsonText, print } from "../../cli/format.ts";
import { changes, READS } from "../../cli/permissions.ts";
import { copyRepository } from "../../registry/copy_repository.ts";
import { parseHost, parseReference } from "../../registry/reference.ts";
import { formatFlags } from "../shared.ts";
import { watchCopy } from "./copy_progress.ts";
import { defineCommand } from "./define.ts";
import { DRY_RUN, PRETTY } from "./flags.ts";
import { listFlags, listPages, nameLines } from "./list_pages.ts";
import { compileAnchored, NAME_FILTERS } from "./name_filter.ts";
import { openSession } from "./session.ts";

const ls = defineCommand({
  name: "ls",
  aliases: ["list"],
  summary: "list repositories in a registry",
  description:
    "List the repositories of a registry, sorted. Not every registry allows it:\n" +
    "Docker Hub does not.",
  examples: [{
    about: "list the repositories of a registry",
    line: "regctl repo ls registry.example.org",
  }],
  needs: READS,
  args: ["registry"],
  completes: ["registry"],
  flags: {
    ...listFlags("REPOSITORY"),
    ...formatFlags(PRETTY),
  },
  async run(io, call) {
    const { args: [registry], flags, given, signal } = call;
    checkFormat(flags, given);
    const { registry: name } = parseHost(registry);
    if (name === "") {
      throw new RegError(
        "reference",
        `Cannot list repositories of ${
          JSON.stringify(registry)
        }: a layout is one repository`,
      );
    }
    await using session = openSession(io, call);
    const client = await session.client();
    const { names, page } = await listPages(
      (options) => client.repositories(name, options),
      flags,
      { signal },
    );
    await print(io, call, {
      plain: [PRETTY],
      text: () => nameLines(names),
      view: async () => {
        const { repositoryListView } = await import("../../view/mod.ts");
        return repositoryListView({ host: name, repositories: names, page });
      },
      json: () => jsonText({ repositories: names }),
      headers: page?.headers,
      body: () => page?.bytes ?? "",
    });
  },
});

const copy = defineCommand({
  name: "copy",
  aliases: ["cp"],
  summary: "copy a repository",
  description:
    "Copy the tags of a repository, or some of them, and all they point at. What the\n" +
    "target has is not sent again.",
  examples: [{
    about: "copy all tags that begin with v1 and are not there yet",
    line:
      "regctl repo copy registry.example.org/repo ocidir://backup --include 'v1.*' --new-tags",
  }],
  needs: changes,
  args: ["source", "target"],
  completes: ["repository", "repository"],
  flags: {
    ...NAME_FILTERS,
    concurrent: {
      kind: "integer",
      value: "N",
      default: 16,
      summary: "Images at once, 0 for all",
    },
    "new-tags": {
      kind: "switch",
      summary: "Leave out tags that the target has, whatever they point at",
    },
    referrers: {
      kind: "switch",
      summary: "Include referrers",
    },
    "digest-tags": {
      kind: "switch",
      summary: "Include tags such as sha256-<hex>.sig of each image",
    },
    ...DRY_RUN,
  },
  async run(io, call) {
    const { args: [source, target], flags, signal } = call;
    const from = parseReference(source);
    const to = parseReference(target);
    const keepTag = await compileAnchored(flags);
    await using session = openSession(io, call);
    await using progress = watchCopy(io, call);
    await copyRepository({
      from: await session.open(from),
      to: await session.open(to),
      keepTag,
      newTags: flags["new-tags"],
      concurrency: flags.concurrent,
      referrers: flags.referrers ? {} : undefined,
      digestTags: flags["digest-tags"],
      onEvent: progress.onEvent,
      signal,
    });
  },
});

/** The commands for repositories. */
export const repoCommands: readonly Node[] = [copy, ls];
