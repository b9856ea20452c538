/**
 * The copy of a whole repository: all its tags, or some.
 *
 * @module
 */
import { isAbort, messageOf, RegError } from "../base/errors.ts";
import { inParallel } from "../base/in_parallel.ts";
import { LinkedAbort } from "../base/linked_abort.ts";
import { copyGraph, type CopyGraphOptions, type CopyResult } from "./copy.ts";
import { can, type Source } from "./core.ts";
import { Run } from "./run.ts";

/** Options for {@linkcode copyRepository}. */
export interface CopyRepositoryOptions
  extends Omit<CopyGraphOptions, "tag" | "child"> {
  /** Leaves tags out. */
  readonly keepTag?: ((tag: string) => boolean) | undefined;
  /** Leaves out tags that the target has, whatever they point at. @default {false} */
  readonly newTags?: boolean | undefined;
  /**
   * Images at once; 0 or less: all. What is sent at once is limited for each
   * host besides. @default {16}
   */
  readonly concurrency?: number | undefined;
  /** Called when a tag is done. */
  readonly onTag?: ((tag: string, result: CopyResult) => void) | undefined;
}

/**
 * Copies the tags of a repository, several at a time, each blob once. The first
 * failure stops all.
 *
 * @returns The tags that were looked at, in the order of the source.
 * @throws {RegError} What failed; `partial` where several did, each on a line.
 */
export async function copyRepository(
  options: CopyRepositoryOptions,
): Promise<readonly string[]> {
  const { from, to, keepTag = () => true, newTags = false } = options;
  using link = new LinkedAbort(options.signal);
  const { signal } = link;
  const there = newTags
    ? new Set(await listTags(to, { signal, missing: "empty" }))
    : undefined;
  const tags = (await listTags(from, { signal }))
    .filter((tag) => keepTag(tag) && !there?.has(tag));
  const { run = new Run(), concurrency = 16, onTag } = options;
  const limit = concurrency > 0 ? concurrency : tags.length;
  const failures: unknown[] = [];
  await inParallel(tags, async (tag) => {
    if (signal.aborted) return;
    try {
      const result = await copyGraph(tag, { ...options, run, signal, tag });
      onTag?.(tag, result);
    } catch (error) {
      if (!isAbort(error)) failures.push(error);
      link.abort();
    }
  }, { limit });
  options.signal?.throwIfAborted();
  if (failures.length > 0) throw joined(failures);
  return tags;
}

/** One error for several: tags that share what failed say it once. */
function joined(failures: readonly unknown[]): unknown {
  const distinct = new Map(failures.map((f) => [messageOf(f), f]));
  const [first] = distinct.values();
  if (distinct.size === 1) return first;
  return new RegError("partial", [...distinct.keys()].join("\n"), {
    cause: new AggregateError(distinct.values()),
  });
}

interface ListTagsOptions {
  readonly signal: AbortSignal;
  /** What to make of a repository that is not there. */
  readonly missing?: "empty" | "error";
}

async function listTags(
  store: Source,
  options: ListTagsOptions,
): Promise<string[]> {
  const { signal, missing = "error" } = options;
  if (!can(store, "tags")) {
    throw new RegError("unsupported", `Cannot list tags of "${store.name}"`);
  }
  const tags: string[] = [];
  try {
    for await (const page of store.tags({ signal })) tags.push(...page.names);
  } catch (error) {
    const none = error instanceof RegError && error.code === "not_found";
    if (!none || missing === "error") throw error;
  }
  return tags;
}
