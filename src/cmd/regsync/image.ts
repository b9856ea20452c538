/**
 * Brings one image up to date.
 *
 * @module
 */
import {
  asError,
  isAbort,
  isRegError,
  messageOf,
  RegError,
} from "../../base/errors.ts";
import type { LogAttributes } from "../../base/log.ts";
import type {
  Descriptor,
  Platform,
  Resolved,
  Source,
} from "../../registry/core.ts";
import { formatPlatform, parsePlatform } from "../../registry/platform.ts";
import { rateLimitOf } from "../../registry/rate_limit.ts";
import {
  addDigest,
  commonName,
  parseReference,
  type Reference,
  tagOrDigest,
} from "../../registry/reference.ts";
import { Cancelled } from "./cancelled.ts";
import type { Context, ImageTask, Round, Side, Work } from "./context.ts";
import { copyImage } from "./copy_image.ts";
import { decide, decidePlatform } from "./decide.ts";
import { saveBackup } from "./backup.ts";
import type { ImageResult, Outcome } from "./result.ts";
import { isMine } from "./shard.ts";

type Facts = Partial<Omit<ImageResult, "step" | "source" | "target">> & {
  readonly outcome: Outcome;
};

/**
 * Looks at an image and copies it where the run may and has to.
 *
 * @returns What failed; nothing where it is done, or is not ours to do.
 */
export async function syncImage(
  task: ImageTask,
  context: Context,
  round: Round,
): Promise<readonly unknown[]> {
  const { log, clock } = context;
  const started = clock.now();
  round.tally.expected++;
  const report = (facts: Facts) =>
    round.tally.add({
      step: task.index,
      source: task.source,
      target: task.target,
      ...{ bytes: 0, ...facts },
      milliseconds: Math.round(clock.now() - started),
    });
  try {
    const facts = await new ImageSync(task, context, round).run();
    if (facts) report(facts);
    else round.tally.expected--;
    return [];
  } catch (error) {
    // What never began is not worth a line.
    if (isAbort(error) && !(error instanceof Cancelled)) return [error];
    const { source, target } = task;
    log.error("Failed to sync", { target, source, error: asError(error) });
    if (!isAbort(error)) {
      report({ outcome: "failed", reason: messageOf(error) });
    }
    return [error];
  }
}

/** One image on its way. */
class ImageSync {
  readonly #task: ImageTask;
  readonly #context: Context;
  readonly #round: Round;
  /** Why the target could not be looked at, and when. */
  #unseen: { readonly error: unknown; readonly at: number } | undefined;

  constructor(task: ImageTask, context: Context, round: Round) {
    this.#task = task;
    this.#context = context;
    this.#round = round;
  }

  async run(): Promise<Facts | undefined> {
    // First of all: thousands of tags that wait for their turn must cost little.
    const { signal } = this.#round;
    using checking = await this.#context.checks.acquire({ signal });
    const source = this.#parse("source");
    const target = this.#parse("target");
    if (!isMine(target, this.#round.shard)) return undefined;
    const { stores } = this.#context;
    await using from = await stores.use(source);
    await using to = await stores.use(target);
    const looked = await this.#look(
      { reference: source, store: from.store },
      { reference: target, store: to.store },
    );
    if (looked === undefined || "outcome" in looked) return looked;
    // Others can look while this one waits to be copied.
    checking[Symbol.dispose]();
    return await this.#bring(looked);
  }

  #parse(side: "source" | "target"): Reference {
    const text = this.#task[side];
    try {
      return parseReference(text);
    } catch (error) {
      this.#context.log.error(`Failed parsing ${side}`, {
        [side]: text,
        error: asError(error),
      });
      throw error;
    }
  }

  /** Says what has to be done, and does it where the run may. */
  async #bring(
    { work, refresh }: { readonly work: Work; readonly refresh: boolean },
  ): Promise<Facts> {
    const { step } = this.#task;
    const names = {
      source: work.label,
      target: commonName(work.target.reference),
    };
    const digests = {
      digest: work.digest,
      targetDigest: work.there?.digest,
    };
    if (refresh) {
      this.#context.log.info("Image refreshing", {
        ...names,
        forced: step.forceRecursive,
        digestTags: step.digestTags,
        referrers: step.referrers,
      });
    } else this.#context.log.info("Image sync needed", names);
    if (this.#round.action === "check") {
      return refresh
        ? { outcome: "unchanged", ...digests, reason: "digests are equal" }
        : {
          outcome: "stale",
          ...digests,
          reason: work.there ? "target differs" : "target is missing",
        };
    }
    return await this.#copy(work, refresh, digests);
  }

  /** Looks at both sides, and decides. */
  async #look(
    source: Side,
    target: Side,
  ): Promise<{ work: Work; refresh: boolean } | Facts | undefined> {
    const { log } = this.#context;
    const { action } = this.#round;
    const { step } = this.#task;
    const seen = await this.#resolveBoth(source, target);
    if (seen === undefined) return undefined;
    const { found, there } = seen;
    const names = {
      source: commonName(source.reference),
      target: commonName(target.reference),
    };
    const decision = decide({ source: found, target: there }, step, action);
    const digests = { digest: found.digest, targetDigest: there?.digest };
    switch (decision) {
      case "matches":
        log.debug("Image matches", names);
        return { outcome: "unchanged", ...digests };
      case "exists":
        log.debug("target exists", names);
        return { outcome: "exists", ...digests };
      case "unsupported":
        log.info("Skipping unsupported media type", {
          ref: names.source,
          mediaType: found.mediaType,
          allowed: step.mediaTypes,
        });
        return {
          outcome: "skipped",
          ...digests,
          reason: `media type ${found.mediaType} is not copied`,
        };
      case "platform":
        return await this.#choosePlatform({ source, target, found, there });
      default: {
        const work: Work = {
          task: this.#task,
          source,
          target,
          found,
          there,
          digest: found.digest,
          label: names.source,
        };
        return { work, refresh: decision === "refresh" };
      }
    }
  }

  async #resolveBoth(
    source: Side,
    target: Side,
  ): Promise<
    { found: Resolved; there: Resolved | null | undefined } | undefined
  > {
    const there = this.#resolveTarget(target);
    try {
      const { signal } = this.#round;
      const found = await source.store.resolve(
        tagOrDigest(source.reference),
        { signal },
      );
      return { found, there: await there };
    } catch (error) {
      await there.catch(() => {});
      if (this.#task.optional && isRegError(error, "not_found")) {
        this.#task.onAbsent?.();
        return undefined;
      }
      if (!isAbort(error)) {
        this.#context.log.error("Failed to lookup source manifest", {
          source: commonName(source.reference),
          error: asError(error),
        });
      }
      throw error;
    }
  }

  /** Whatever keeps us from seeing the target: a copy will show whether it can be written. */
  async #resolveTarget(target: Side): Promise<Resolved | null | undefined> {
    try {
      const { signal } = this.#round;
      return await target.store.resolve(tagOrDigest(target.reference), {
        signal,
      });
    } catch (error) {
      if (isAbort(error)) throw error;
      if (isRegError(error, "not_found")) return null;
      this.#unseen = { error, at: this.#context.clock.now() };
      this.#context.log.warn("Failed to lookup target manifest", {
        target: commonName(target.reference),
        error: asError(error),
      });
      return undefined;
    }
  }

  async #choosePlatform(
    seen: {
      readonly source: Side;
      readonly target: Side;
      readonly found: Resolved;
      readonly there: Resolved | null | undefined;
    },
  ): Promise<{ work: Work; refresh: boolean } | Facts> {
    const { source, target, found, there } = seen;
    const { step } = this.#task;
    const digest = await this.#platformDigest(source, found);
    const decision = decidePlatform(
      { source: found, target: there },
      step,
      digest,
    );
    const label = commonName(addDigest(source.reference, digest));
    if (decision === "matches") {
      this.#context.log.debug("Image matches for platform", {
        source: label,
        platform: step.platform,
        target: commonName(target.reference),
      });
      return { outcome: "unchanged", digest, targetDigest: there?.digest };
    }
    const work: Work = { task: this.#task, ...seen, digest, label };
    return { work, refresh: decision === "refresh" };
  }

  async #platformDigest(source: Side, index: Descriptor): Promise<string> {
    const { log, platforms } = this.#context;
    const { signal } = this.#round;
    const text = this.#task.step.platform;
    let platform: Platform;
    try {
      platform = parsePlatform(text);
    } catch (error) {
      log.warn("Could not parse platform", {
        platform: text,
        err: asError(error),
      });
      throw error;
    }
    try {
      return await platforms.resolve(source.store, index, { platform, signal });
    } catch (error) {
      if (!isRegError(error, "not_found")) {
        log.error("Failed to get source manifest", {
          source: commonName(source.reference),
          error: asError(error),
        });
        throw error;
      }
      log.warn("Platform could not be found in source manifest list", {
        platform: formatPlatform(platform),
        err: asError(error),
      });
      throw new RegError("not_found", `platform ${text}: not found`, {
        cause: error,
      });
    }
  }

  async #copy(
    work: Work,
    refresh: boolean,
    digests: Pick<Facts, "digest" | "targetDigest">,
  ): Promise<Facts> {
    await this.#turn();
    using _slot = await this.#admit(work);
    if (this.#round.signal?.aborted) throw new Cancelled("task was canceled");
    const { step } = this.#task;
    const backup = work.there && !refresh && step.backup !== ""
      ? await saveBackup(work, work.there, { ...this.#shared() })
      : undefined;
    const names: LogAttributes = {
      source: work.label,
      target: commonName(work.target.reference),
    };
    try {
      const bytes = await this.#send(work, names);
      return {
        outcome: refresh ? "refreshed" : "copied",
        ...digests,
        bytes,
        backup,
        ...refresh ? {} : { reason: work.there ? "differed" : "was missing" },
      };
    } catch (error) {
      this.#context.log.error("Failed to copy image", {
        ...names,
        error: asError(error),
      });
      throw isAbort(error)
        ? new Cancelled("task was canceled", { cause: error })
        : error;
    }
  }

  /** Copies, unless another image found the target out of reach since this one did. */
  async #send(work: Work, names: LogAttributes): Promise<number> {
    const { deadHosts, clock, log } = this.#context;
    const { host } = work.target.store;
    const unseen = this.#unseen;
    if (unseen && deadHosts.failedSince(host, unseen.at)) throw unseen.error;
    log.debug("Image sync running", names);
    try {
      const bytes = await copyImage(work, this.#shared());
      deadHosts.note(host, clock.now());
      return bytes;
    } catch (error) {
      deadHosts.note(host, clock.now(), error);
      throw error;
    }
  }

  #shared(): { readonly context: Context; readonly round: Round } {
    return { context: this.#context, round: this.#round };
  }

  async #turn(): Promise<void> {
    const { turn } = this.#task;
    if (turn) await turn;
  }

  /** Waits for a slot, and for the source's rate limit where the step has one. */
  async #admit({ source, found, label }: Work): Promise<Disposable> {
    const { slots, rateGate, client } = this.#context;
    const { signal } = this.#round;
    const { step, priority } = this.#task;
    const acquire = () => slots.acquire({ signal, priority });
    const limited = step.rateLimit.min > 0 && rateLimitOf(found.headers).set;
    if (!limited) return await acquire();
    const { registry } = source.reference;
    return await rateGate.pass({
      account: `${registry} ${client.hosts.get(registry).user ?? ""}`,
      source: label,
      setting: step.rateLimit,
      look: () => lookAtLimit(source, { signal }),
      acquire,
      signal,
    });
  }
}

async function lookAtLimit(
  source: Side,
  options: { readonly signal: AbortSignal | undefined },
) {
  const { headers } = await (source.store satisfies Source).resolve(
    tagOrDigest(source.reference),
    options,
  );
  return rateLimitOf(headers);
}
