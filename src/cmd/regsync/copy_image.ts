/**
 * Copies an image as its step asks for.
 *
 * @module
 */
import { asError } from "../../base/errors.ts";
import type { ReferrerFilter } from "../../config/regsync_steps.ts";
import { copyGraph, type CopyReferrersOptions } from "../../registry/copy.ts";
import type { Descriptor } from "../../registry/core.ts";
import type { Manifest } from "../../registry/manifest.ts";
import {
  formatPlatform,
  parsePlatform,
  platformsMatch,
} from "../../registry/platform.ts";
import { parseReference } from "../../registry/reference.ts";
import type { Context, Round, Work } from "./context.ts";
import type { Lease } from "./store_pool.ts";

/** Options for {@linkcode copyImage}. */
export interface CopyImageOptions {
  /** What all runs share. */
  readonly context: Context;
  /** What this run shares. */
  readonly round: Round;
}

/**
 * Copies what was decided on.
 *
 * @returns How many bytes of blobs were sent.
 * @throws {CopyError}
 */
export async function copyImage(
  work: Work,
  options: CopyImageOptions,
): Promise<number> {
  const { context, round } = options;
  const { source, target, task: { step } } = work;
  await using stores = new AsyncDisposableStack();
  const referrers = step.referrers
    ? await referrersOf(work, { ...options, use: (lease) => stores.use(lease) })
    : undefined;
  const { tag } = target.reference;
  let sent = 0;
  await copyGraph(work.digest, {
    from: source.store,
    to: target.store,
    tag: tag === "" ? undefined : tag,
    run: round.run,
    there: work.there,
    skip: step.forceRecursive ? "nothing" : "graph",
    keep: keepOf(step.platforms, context),
    includeExternal: step.includeExternal,
    referrers,
    digestTags: step.digestTags,
    signal: round.signal,
    onEvent(event) {
      if (event.type !== "progress") return;
      sent += event.bytes;
      round.tally.addBytes(event.bytes);
    },
  });
  return sent;
}

/** Leaves out entries of indexes for platforms that were not asked for. */
function keepOf(
  texts: readonly string[],
  { log }: Context,
): ((child: Descriptor, parent: Manifest) => boolean) | undefined {
  if (texts.length === 0) return undefined;
  const wanted = texts.filter((text) => text !== "")
    .map((text) => parsePlatform(text));
  const bare = texts.includes("");
  return ({ platform }, { kind }) => {
    if (kind !== "index") return true;
    const keep = platform
      ? wanted.some((other) => platformsMatch(platform, other))
      : bare;
    if (!keep) {
      log.debug("Platform excluded from copy", {
        platform: platform ? formatPlatform(platform) : "",
      });
    }
    return keep;
  };
}

async function referrersOf(
  work: Work,
  options: CopyImageOptions & { readonly use: (lease: Lease) => Lease },
): Promise<CopyReferrersOptions> {
  const { task: { step } } = work;
  return {
    from: await otherStore("Source", step.referrerSource, options),
    to: await otherStore("Target", step.referrerTarget, options),
    keep: step.referrerFilters.length === 0
      ? undefined
      : (referrer) =>
        step.referrerFilters.some((filter) => fits(referrer, filter)),
  };
}

/** The store of `referrerSource` or `referrerTarget`; none where it is not usable. */
async function otherStore(
  side: "Source" | "Target",
  text: string,
  options: CopyImageOptions & { readonly use: (lease: Lease) => Lease },
) {
  if (text === "") return undefined;
  const { context, use } = options;
  try {
    return use(await context.stores.use(parseReference(text))).store;
  } catch (error) {
    context.log.error(
      `failed to parse referrer ${side.toLowerCase()} reference`,
      {
        [`referrer${side}`]: text,
        error: asError(error),
      },
    );
    return undefined;
  }
}

/** Tells whether a referrer has the type and all annotations. */
export function fits(referrer: Descriptor, filter: ReferrerFilter): boolean {
  const { artifactType, annotations } = filter;
  if (artifactType !== "" && artifactType !== referrer.artifactType) {
    return false;
  }
  return Object.entries(annotations).every(([key, value]) => {
    const own = referrer.annotations ?? {};
    return Object.hasOwn(own, key) && (value === "" || own[key] === value);
  });
}
