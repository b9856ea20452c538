/**
 * Brings the tags of a repository, or all repositories of a registry, up to date.
 *
 * @module
 */
import { asError, isAbort, isRegError, RegError } from "../../base/errors.ts";
import type { LogStruct } from "../../base/log.ts";
import type { SyncStep } from "../../config/regsync_steps.ts";
import {
  compileNames,
  compileTagSets,
  isRestricting,
  type NameFilter,
  type TagFilter,
  type TagSet,
} from "../../config/tag_filter.ts";
import { can } from "../../registry/core.ts";
import {
  commonName,
  parseHost,
  parseReference,
  type Reference,
} from "../../registry/reference.ts";
import { type Context, priorityOf, type Round } from "./context.ts";
import { each } from "./each.ts";
import { syncImage } from "./image.ts";
import { isMine } from "./shard.ts";

/** A step, or the part of a registry step that is one repository. */
export interface RepositoryTask {
  /** The step. */
  readonly step: SyncStep;
  /** Its index in the file. */
  readonly index: number;
  /** The source. */
  readonly source: string;
  /** The target. */
  readonly target: string;
  /** See {@linkcode ImageTask.turn}. */
  readonly turn?: Promise<void> | undefined;
}

/**
 * Brings the tags of a repository that the filters take up to date.
 *
 * @returns What failed.
 */
export async function syncRepository(
  task: RepositoryTask,
  context: Context,
  round: Round,
): Promise<readonly unknown[]> {
  const { index, step, source, target } = task;
  let tags: readonly string[];
  let listed: boolean;
  try {
    ({ tags, listed } = await chooseTags(task, context, round));
  } catch (error) {
    if (!isAbort(error)) fail(task, round, error);
    return [error];
  }
  let absent = 0;
  const errors = await each(tags, round, {
    turn: task.turn,
    work: async (tag, turn, at) => {
      const image = {
        step,
        index,
        source: `${source}:${tag}`,
        target: `${target}:${tag}`,
        optional: !listed,
        priority: priorityOf(index, at),
        turn,
        onAbsent: () => absent++,
      };
      return await syncImage(image, context, round);
    },
  });
  if (listed || absent < tags.length) return errors;
  return [...errors, ...await explainNone(task, context, round)];
}

/**
 * None of the tags that were asked for is there: the list tells whether the
 * repository is, which a misspelt name is not.
 */
async function explainNone(
  task: RepositoryTask,
  context: Context,
  round: Round,
): Promise<readonly unknown[]> {
  try {
    const source = parse(task, context);
    const all = await listSource(source, { task, context, round });
    warnOfNone(task, all, context);
    return [];
  } catch (error) {
    if (!isAbort(error)) fail(task, round, error);
    return [error];
  }
}

/** Counts a step that failed before it came to its images. */
function fail(task: RepositoryTask, round: Round, error: unknown): void {
  const { index, source, target } = task;
  round.tally.addFailure({
    step: index,
    source,
    target,
    outcome: "failed",
    bytes: 0,
    reason: asError(error).message,
    milliseconds: 0,
  });
}

function filterOf(task: RepositoryTask, context: Context): TagFilter {
  const { step: { tags, tagSets }, source } = task;
  const sets = isRestricting(tags) ? [...tagSets, tags] : tagSets;
  try {
    return compileTagSets(sets);
  } catch (error) {
    const { allow = [], deny = [], semverRange = [] } = tags;
    context.log.error("Failed processing tag filters", {
      source,
      allow,
      deny,
      semverRange,
      error: asError(error),
    });
    throw error;
  }
}

/** The tags to look at, and whether the source listed them. */
async function chooseTags(
  task: RepositoryTask,
  context: Context,
  round: Round,
): Promise<{ readonly tags: readonly string[]; readonly listed: boolean }> {
  const source = parse(task, context);
  const filter = filterOf(task, context);
  if (filter.names) {
    // What is asked for by name can still be denied.
    return { tags: filter.select(filter.names), listed: false };
  }
  const all = await listSource(source, { task, context, round });
  const tags = filter.select(all);
  if (tags.length === 0) warnOfNone(task, all, context);
  if (tags.length === 0 || round.action !== "missing") {
    return { tags, listed: true };
  }
  const there = new Set(await listTarget(task, context, round));
  for (const tag of tags) if (there.has(tag)) countExisting(task, tag, round);
  return { tags: tags.filter((tag) => !there.has(tag)), listed: true };
}

/** Counts a tag that the target's list has, where that is enough. */
function countExisting(task: RepositoryTask, tag: string, round: Round): void {
  const { tally, shard } = round;
  const target = `${task.target}:${tag}`;
  if (!isMine(parseReference(target), shard)) return;
  tally.expected++;
  tally.add({
    step: task.index,
    source: `${task.source}:${tag}`,
    target,
    outcome: "exists",
    bytes: 0,
    milliseconds: 0,
  });
}

function parse(task: RepositoryTask, context: Context): Reference {
  try {
    return parseReference(task.source);
  } catch (error) {
    context.log.error("Failed parsing source", {
      source: task.source,
      error: asError(error),
    });
    throw error;
  }
}

async function listSource(
  source: Reference,
  { task, context, round }: {
    readonly task: RepositoryTask;
    readonly context: Context;
    readonly round: Round;
  },
): Promise<readonly string[]> {
  try {
    return await listTags(source, context, round);
  } catch (error) {
    if (!isAbort(error)) {
      context.log.error("Failed getting source tags", {
        source: commonName(parseReference(task.source)),
        error: asError(error),
      });
    }
    throw error;
  }
}

/** A target whose tags cannot be listed has none. */
async function listTarget(
  { target }: RepositoryTask,
  context: Context,
  round: Round,
): Promise<readonly string[]> {
  try {
    return await listTags(parseReference(target), context, round);
  } catch (error) {
    if (isAbort(error)) throw error;
    context.log.debug("Failed getting target tags", {
      target,
      error: asError(error),
    });
    return [];
  }
}

async function listTags(
  reference: Reference,
  { stores, checks }: Context,
  { signal }: Round,
): Promise<readonly string[]> {
  using _slot = await checks.acquire({ signal });
  await using lease = await stores.use(reference);
  const { store } = lease;
  if (!can(store, "tags")) {
    throw new RegError("unsupported", `Cannot list tags of "${store.name}"`);
  }
  const tags: string[] = [];
  for await (const page of store.tags({ signal })) tags.push(...page.names);
  return tags;
}

function warnOfNone(
  { source, step: { tags, tagSets } }: RepositoryTask,
  available: readonly string[],
  { log }: Context,
): void {
  log.warn("No matching tags found", {
    source: commonName(parseReference(source)),
    tags: setStruct(tags),
    tagSets: tagSets.map(setStruct),
    available,
  });
}

/** A filter as Go prints it in logs. */
function setStruct(set: TagSet): LogStruct {
  const { allow, deny, semverRange } = set;
  const text = (list: readonly string[] = []) => `[${list.join(" ")}]`;
  return {
    logText: `{Allow:${text(allow)} Deny:${text(deny)} SemverRange:${
      text(semverRange)
    }}`,
    logJson: {
      allow: allow ?? null,
      deny: deny ?? null,
      ...semverRange && semverRange.length > 0 && { semverRange },
    },
  };
}

/**
 * Brings the repositories of a registry that the filter takes up to date.
 *
 * @returns What failed.
 */
export async function syncRegistry(
  task: RepositoryTask,
  context: Context,
  round: Round,
): Promise<readonly unknown[]> {
  const { source, target } = task;
  let names: readonly string[];
  try {
    const keep = repositoryFilter(task, context);
    names = (await listRepositories(task, context, round)).filter(keep);
  } catch (error) {
    if (!isAbort(error)) fail(task, round, error);
    return [error];
  }
  return await each(names, round, {
    turn: task.turn,
    work: (name, turn) =>
      syncRepository(
        {
          ...task,
          source: `${source}/${name}`,
          target: `${target}/${name}`,
          turn,
        },
        context,
        round,
      ),
  });
}

function repositoryFilter(task: RepositoryTask, context: Context): NameFilter {
  const { repos } = task.step;
  try {
    return compileNames(repos);
  } catch (error) {
    context.log.error("Failed processing repo filters", {
      source: task.source,
      allow: repos.allow ?? [],
      deny: repos.deny ?? [],
      error: asError(error),
    });
    throw error;
  }
}

async function listRepositories(
  task: RepositoryTask,
  context: Context,
  round: Round,
): Promise<readonly string[]> {
  const { client, checks, log } = context;
  const { signal } = round;
  try {
    const { registry } = hostOf(task.source);
    using _slot = await checks.acquire({ signal });
    const names = new Set<string>();
    // A registry that cuts its list without saying so is asked for the rest.
    for (let last: string | undefined;;) {
      const before = names.size;
      for await (
        const page of client.repositories(registry, { signal, last })
      ) {
        for (const name of page.names) names.add(last = name);
      }
      if (names.size === before) return [...names];
    }
  } catch (error) {
    if (!isAbort(error)) {
      log.error("Failed to list source repositories", {
        source: task.source,
        error: asError(error),
      });
    }
    throw error;
  }
}

function hostOf(text: string): Reference {
  try {
    const host = parseHost(text);
    if (host.scheme === "reg") return host;
  } catch (error) {
    if (!isRegError(error, "reference")) throw error;
  }
  throw new RegError("reference", `invalid hostname: ${text}`);
}
