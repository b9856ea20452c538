/**
 * Images: copied, and waited for until the rate limit allows it.
 *
 * @module
 */
import { parseDuration, toMilliseconds } from "../../base/duration.ts";
import { messageOf, RegError } from "../../base/errors.ts";
import { LinkedAbort } from "../../base/linked_abort.ts";
import { sleep } from "../../base/sleep.ts";
import { copyGraph } from "../../registry/copy.ts";
import type { CopyEvent } from "../../registry/copy_options.ts";
import { isConfigType, isManifestType } from "../../registry/media_types.ts";
import { copySubset } from "../../registry/copy_subset.ts";
import { parsePlatform } from "../../registry/platform.ts";
import { rateLimitOf } from "../../registry/rate_limit.ts";
import {
  commonName,
  type Reference,
  tagOrDigest,
} from "../../registry/reference.ts";
import { expectDigest, targetTag } from "../../registry/target.ts";
import { LuaTable } from "../codec.ts";
import { boolOption, type Call, textsOption } from "./call.ts";
import type { Definition } from "./definition.ts";
import { throttled } from "./gate.ts";
import { failed } from "./lists.ts";
import { REF } from "./reference.ts";
import { mayDo, openFor } from "./session.ts";

const WAIT_PARAMETERS = [
  { name: "limit", type: "number", text: "How many requests must be left." },
  {
    name: "poll",
    type: "string",
    optional: true,
    text: "How long to wait between two looks; `5m` where left out.",
  },
  {
    name: "timeout",
    type: "string",
    optional: true,
    text: "How long to wait in all; `6h` where left out.",
  },
];
const WAIT_RESULTS = [{
  type: "boolean",
  text:
    "Whether so many are left, or there is no limit; false where the time is up.",
}];

/** The functions of images. */
export const IMAGE_FUNCTIONS: readonly Definition[] = [
  {
    name: "image.copy",
    text: "Copies an image, within a registry or between two.",
    parameters: [
      { name: "source", type: REF, text: "What to copy." },
      { name: "target", type: REF, text: "Where to." },
      {
        name: "options",
        type:
          "{ digestTags?: boolean, forceRecursive?: boolean, includeExternal?: boolean, referrers?: boolean, fastCheck?: boolean, platforms?: string[] }",
        optional: true,
        text:
          "`digestTags`: also tags such as `sha256-….sig`; `forceRecursive`: looks at all parts even if the target has the image; " +
          "`includeExternal`: also layers that live elsewhere; `referrers`: also signatures and the like; " +
          "`fastCheck`: trusts a target that has the image; `platforms`: only these, such as `linux/arm64`.",
      },
    ],
    results: [],
    run: copyImage,
  },
  {
    name: "image.ratelimitWait",
    text: "Waits until a registry allows enough requests.",
    parameters: [
      { name: "ref", type: REF, text: "An image of the registry." },
      ...WAIT_PARAMETERS,
    ],
    results: WAIT_RESULTS,
    run: waitForLimit,
  },
  {
    name: "manifest:ratelimitWait",
    text: "Waits until the manifest's registry allows enough requests.",
    parameters: WAIT_PARAMETERS,
    results: WAIT_RESULTS,
    run: waitForLimit,
  },
];

async function copyImage(call: Call) {
  const { session } = call;
  const [source, target] = [call.reference(1), call.reference(2)];
  const value = call.count === 3 ? call.value(3) : undefined;
  const options = value instanceof LuaTable ? value : undefined;
  using _slot = await throttled(call);
  session.log.info("Copy image", {
    script: session.name,
    source: commonName(source),
    target: commonName(target),
    digestTags: boolOption(options, "digestTags"),
    forceRecursive: boolOption(options, "forceRecursive"),
    includeExternal: boolOption(options, "includeExternal"),
    "dry-run": session.dryRun,
  });
  try {
    await mayDo(session, source, "read");
    await mayDo(session, target, "write");
    if (!session.dryRun) await copy(call, source, target, options);
  } catch (error) {
    throw failed(
      `Failed copying "${commonName(source)}" to "${commonName(target)}"`,
      error,
    );
  }
  return [];
}

async function copy(
  call: Call,
  source: Reference,
  target: Reference,
  options: LuaTable | undefined,
): Promise<void> {
  const { session, signal } = call;
  await using from = await openFor(session, source, "read");
  await using to = await openFor(session, target, "write");
  const platforms = textsOption(options, "platforms");
  const names = { source: commonName(source), target: commonName(target) };
  const graph = {
    onEvent: ({ type, node }: CopyEvent) => {
      const moves = type === "started" || type === "mounted";
      if (!moves || isManifestType(node.mediaType)) return;
      if (isConfigType(node.mediaType)) {
        session.log.info("Copy config", { ...names, digest: node.digest });
      } else session.log.info("Copy layer", { ...names, layer: node.digest });
    },
    from,
    to,
    tag: targetTag(target),
    run: session.run,
    signal,
    skip: boolOption(options, "forceRecursive") ? "node" : "graph",
    digestTags: boolOption(options, "digestTags"),
    includeExternal: boolOption(options, "includeExternal"),
    fast: boolOption(options, "fastCheck"),
    ...(boolOption(options, "referrers") ? { referrers: {} } : {}),
  } as const;
  const root = tagOrDigest(source);
  if (platforms !== undefined) {
    const made = await copySubset(root, {
      ...graph,
      platforms: platforms.map((text) => parsePlatform(text)),
    });
    return expectDigest(target, made.root.digest);
  }
  if (target.digest !== "") {
    expectDigest(target, (await from.resolve(root, { signal })).digest);
  }
  await copyGraph(root, graph);
}

async function waitForLimit(call: Call) {
  const { session } = call;
  const ref = call.reference(1);
  const limit = Math.trunc(call.number(2));
  const poll = duration(call, 3, "5m", "Failed parsing rate limit frequency");
  const timeout = duration(call, 4, "6h", "Failed parsing timeout");
  using end = new LinkedAbort(call.signal);
  const { signal } = end;
  end.abortAfter(toMilliseconds(timeout), new Error("Time is up"));
  try {
    for (;;) {
      const rate = await limitOf(call, ref, signal);
      if (!rate.set || rate.remain >= limit) return [true];
      session.log.info("Delaying for ratelimit", {
        script: session.name,
        image: commonName(ref),
        current: rate.remain,
        target: limit,
        delay: poll,
      });
      await sleep(toMilliseconds(poll), { signal });
    }
  } catch (error) {
    // Its own time is up, or the script's while it slept.
    if (signal.aborted && !call.signal.aborted || error === signal.reason) {
      return [false];
    }
    throw error;
  }
}

async function limitOf(call: Call, ref: Reference, signal: AbortSignal) {
  try {
    signal.throwIfAborted();
    await using store = await openFor(call.session, ref, "read");
    const { headers } = await store.resolve(tagOrDigest(ref), { signal });
    return rateLimitOf(headers);
  } catch (error) {
    throw failed(`Failed checking "${commonName(ref)}" manifest`, error);
  }
}

function duration(
  call: Call,
  n: number,
  otherwise: string,
  action: string,
): bigint {
  const text = call.count >= n ? call.text(n) : otherwise;
  try {
    return parseDuration(text);
  } catch (error) {
    throw new RegError("script", `${action} ${text}: ${messageOf(error)}`);
  }
}
