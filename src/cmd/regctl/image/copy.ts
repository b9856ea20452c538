/**
 * `regctl image copy`.
 *
 * @module
 */
import { UsageError } from "../../../cli/usage_error.ts";
import { changes } from "../../../cli/permissions.ts";
import { copyGraph, type CopyGraphOptions } from "../../../registry/copy.ts";
import { copySubset } from "../../../registry/copy_subset.ts";
import type { CallOptions, Platform, Source } from "../../../registry/core.ts";
import { resolveImage } from "../../../registry/image.ts";
import { parsePlatform, platformsMatch } from "../../../registry/platform.ts";
import {
  parseReference,
  type Reference,
  tagOrDigest,
} from "../../../registry/reference.ts";
import { expectDigest, targetTag } from "../../../registry/target.ts";
import { OPTIONAL_FORMAT } from "../../shared.ts";
import { watchCopy } from "../copy_progress.ts";
import { defineCommand } from "../define.ts";
import { DRY_RUN, PLATFORM } from "../flags.ts";
import { printReference } from "../reference_output.ts";
import { openSession } from "../session.ts";

/** Copies or retags an image. */
export const copy = defineCommand({
  name: "copy",
  aliases: ["cp"],
  summary: "copy or retag image",
  description:
    "Copy or retag an image: between registries, within one, to or from an OCI layout\n" +
    "(ocidir://path). Only what the target lacks is sent; the tag is written last.",
  examples: [
    {
      about: "copy an image",
      line:
        "regctl image copy ghcr.io/regclient/regctl:edge registry.example.org/regclient/regctl:edge",
    },
    {
      about: "copy an image with its signatures",
      line:
        "regctl image copy --referrers --digest-tags ghcr.io/regclient/regctl:edge registry.example.org/regclient/regctl:edge",
    },
    {
      about: "copy two platforms, with an index that lists just these",
      line:
        "regctl image copy --platforms linux/amd64 --platforms linux/arm64 --rewrite-index alpine:latest ocidir://alpine:latest",
    },
  ],
  needs: changes,
  args: ["source", "target"],
  completes: ["reference", "reference"],
  flags: {
    "digest-tags": {
      kind: "switch",
      summary:
        'Include digest tags ("sha256-<digest>.*") when copying manifests',
    },
    fast: {
      kind: "switch",
      summary:
        "Trust a target with the same digest, also where referrers or digest tags are included",
    },
    "force-recursive": {
      kind: "switch",
      summary:
        "Look at all that the image reaches, also where the target has the digest",
    },
    "include-external": {
      kind: "switch",
      summary: "Include layers that live elsewhere",
    },
    ...OPTIONAL_FORMAT,
    ...PLATFORM,
    platforms: {
      kind: "list",
      value: "PLATFORM",
      completes: "platform",
      summary: "Copy some platforms of an index, which itself stays as it is",
    },
    "rewrite-index": {
      kind: "switch",
      summary: "With --platforms: make an index that lists just these",
    },
    referrers: { kind: "switch", summary: "Include referrers" },
    "referrers-src": {
      kind: "text",
      value: "REPOSITORY",
      completes: "repository",
      summary: "External source for referrers",
    },
    "referrers-tgt": {
      kind: "text",
      value: "REPOSITORY",
      completes: "repository",
      summary: "External target for referrers",
    },
    ...DRY_RUN,
  },
  async run(io, call) {
    const { args: [source, target], flags, signal } = call;
    const { "rewrite-index": rewrite } = flags;
    const from = parseReference(source);
    const to = parseReference(target);
    if (rewrite) checkRewrite(to, flags.platforms);
    const referrers = referrersOf(flags);
    const platforms = flags.platforms.map((text) =>
      text === "" ? undefined : parsePlatform(text)
    );
    await using session = openSession(io, call);
    await using progress = watchCopy(io, call);
    const fromStore = await session.open(from);
    const options: CopyGraphOptions = {
      from: fromStore,
      to: await session.open(to),
      tag: targetTag(to),
      skip: flags["force-recursive"] ? "nothing" : "graph",
      fast: flags.fast,
      digestTags: flags["digest-tags"],
      includeExternal: flags["include-external"],
      referrers: referrers && {
        from: referrers.from && await session.open(referrers.from),
        to: referrers.to && await session.open(referrers.to),
      },
      onEvent: progress.onEvent,
      signal,
    };
    const root = await rootOf(fromStore, from, {
      platform: flags.platform,
      signal,
    });
    if (to.digest !== "") {
      const { digest } = await fromStore.resolve(root, { signal });
      expectDigest(to, digest);
    }
    await copyAs(root, { ...options, platforms, rewrite });
    await progress[Symbol.asyncDispose]();
    if (!session.dryRun) await printReference(io, call, to);
  },
});

function checkRewrite(to: Reference, platforms: readonly string[]): void {
  if (to.digest !== "") {
    throw new UsageError(
      "--rewrite-index makes a new digest, which the target cannot name",
      "name the target by a tag",
    );
  }
  if (platforms.length === 0) {
    throw new UsageError("--rewrite-index needs --platforms");
  }
}

/** What is copied: the reference's manifest, or of an index the image for a platform. */
async function rootOf(
  store: Source,
  from: Reference,
  options: CallOptions & { readonly platform: string | undefined },
): Promise<string> {
  const { platform = "", signal } = options;
  const wanted = tagOrDigest(from);
  if (platform === "") return wanted;
  const { descriptor } = await resolveImage(store, wanted, {
    platform: parsePlatform(platform),
    signal,
  });
  return descriptor.digest;
}

interface CopyAsOptions extends CopyGraphOptions {
  /** Copies just these; `undefined` is an entry without a platform. */
  readonly platforms: readonly (Platform | undefined)[];
  /** Makes an index that lists just them. */
  readonly rewrite: boolean;
}

/** Copies all, or some platforms, with the index as it is or a new one. */
async function copyAs(
  root: string,
  { platforms, rewrite, ...options }: CopyAsOptions,
): Promise<void> {
  if (rewrite) {
    const some = platforms.filter((platform) => platform !== undefined);
    await copySubset(root, { ...options, platforms: some });
    return;
  }
  const isWanted = (platform: Platform | undefined) =>
    platforms.some((wanted) =>
      wanted && platform
        ? platformsMatch(wanted, platform)
        : wanted === platform
    );
  await copyGraph(root, {
    ...options,
    ...platforms.length > 0 && {
      keep: ({ platform }, { kind }) => kind !== "index" || isWanted(platform),
    },
  });
}

function referrersOf(flags: {
  readonly referrers: boolean;
  readonly "referrers-src": string | undefined;
  readonly "referrers-tgt": string | undefined;
}): { readonly from?: Reference; readonly to?: Reference } | undefined {
  const { "referrers-src": source = "", "referrers-tgt": target = "" } = flags;
  if (flags.referrers) {
    return {
      ...(source === "" ? {} : { from: parseReference(source) }),
      ...(target === "" ? {} : { to: parseReference(target) }),
    };
  }
  if (source === "" && target === "") return undefined;
  throw new UsageError(
    "referrers must be enabled to specify an external referrers source or target",
    "add --referrers",
  );
}
