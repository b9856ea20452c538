/**
 * `regctl index`.
 *
 * @module
 */
import type { Node } from "../../cli/command.ts";
import type { FlagValues } from "../../cli/flags.ts";
import { checkFormat } from "../../cli/format.ts";
import { changes } from "../../cli/permissions.ts";
import type { Descriptor, Store } from "../../registry/core.ts";
import {
  addEntries,
  collectEntries,
  makeIndex,
  readIndex,
  removeEntries,
} from "../../registry/index_edit.ts";
import { parsePlatform, platformsMatch } from "../../registry/platform.ts";
import { parseReference, tagOrDigest } from "../../registry/reference.ts";
import { expectDigest } from "../../registry/target.ts";
import { OPTIONAL_FORMAT } from "../shared.ts";
import { type Watch, watchCopy } from "./copy_progress.ts";
import { defineCommand } from "./define.ts";
import { DRY_RUN } from "./flags.ts";
import { BY_DIGEST, keyValues, pushResult } from "./push_result.ts";
import { openSession, type Session } from "./session.ts";

const ENTRY_FLAGS = {
  "desc-annotation": {
    kind: "list",
    value: "KEY=VALUE",
    summary: "Annotation to add to descriptors of new entries",
  },
  "desc-platform": {
    kind: "text",
    value: "PLATFORM",
    completes: "platform",
    summary: "Platform to set in descriptors of new entries",
  },
  digest: {
    kind: "list",
    value: "DIGEST",
    summary: "Digest in the repository to include",
  },
  "digest-tags": { kind: "switch", summary: "Include digest tags" },
  platform: {
    kind: "list",
    value: "PLATFORM",
    completes: "platform",
    summary: "Platforms to include from a reference",
  },
  ref: {
    kind: "list",
    value: "REF",
    completes: "reference",
    summary: "References to include; they are copied to the repository",
  },
  referrers: { kind: "switch", summary: "Include referrers" },
} as const;

type EntryFlags = FlagValues<typeof ENTRY_FLAGS>;

interface EntriesCall {
  readonly flags: EntryFlags;
  readonly signal: AbortSignal;
}

async function entriesOf(
  session: Session,
  to: Store,
  call: EntriesCall & { readonly progress: Watch },
): Promise<Descriptor[]> {
  const { flags, signal, progress } = call;
  const references = flags.ref.map((text) => parseReference(text));
  const sources = [];
  for (const reference of references) {
    sources.push({
      from: await session.open(reference),
      tagOrDigest: tagOrDigest(reference),
    });
  }
  return await collectEntries(to, {
    sources,
    digests: flags.digest,
    platforms: flags.platform.map((text) => parsePlatform(text)),
    platform: flags["desc-platform"]
      ? parsePlatform(flags["desc-platform"])
      : undefined,
    annotations: keyValues(flags["desc-annotation"]),
    digestTags: flags["digest-tags"],
    referrers: flags.referrers ? {} : undefined,
    onEvent: progress.onEvent,
    signal,
  });
}

const create = defineCommand({
  name: "create",
  aliases: ["init", "new", "put"],
  summary: "create an index",
  description:
    "Create a manifest list or OCI index from images, which are copied to the\n" +
    "repository where it does not have them.",
  examples: [
    {
      about: "create an empty index",
      line: "regctl index create registry.example.org/repo:v1",
    },
    {
      about: "create an index of two platforms",
      line:
        "regctl index create registry.example.org/alpine:latest --ref alpine:latest --platform linux/amd64 --platform linux/arm64",
    },
  ],
  needs: changes,
  args: ["ref"],
  completes: ["reference"],
  flags: {
    annotation: {
      kind: "list",
      value: "KEY=VALUE",
      summary: "Annotation to set on the manifest",
    },
    "artifact-type": {
      kind: "text",
      value: "TYPE",
      summary: "Include an artifactType value",
    },
    ...BY_DIGEST,
    ...ENTRY_FLAGS,
    "media-type": {
      kind: "text",
      value: "TYPE",
      short: "m",
      default: "application/vnd.oci.image.index.v1+json",
      completes: [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
      ],
      summary: "Media type of the manifest list or OCI index",
    },
    subject: {
      kind: "text",
      value: "TAG",
      summary: "Tag or digest, in the repository, that the index refers to",
    },
    ...OPTIONAL_FORMAT,
    ...DRY_RUN,
  },
  async run(io, call) {
    const { args: [text], flags, given, signal } = call;
    checkFormat(flags, given);
    const reference = parseReference(text);
    await using session = openSession(io, call);
    const store = await session.open(reference);
    await using progress = watchCopy(io, call);
    const { "media-type": mediaType, "artifact-type": artifactType } = flags;
    const subject = flags.subject
      ? await store.resolve(flags.subject, { signal })
      : undefined;
    const made = makeIndex(
      await entriesOf(session, store, { flags, signal, progress }),
      {
        mediaType,
        artifactType,
        annotations: keyValues(flags.annotation),
        subject: subject && {
          mediaType: subject.mediaType,
          digest: subject.digest,
          size: subject.size,
        },
      },
    );
    if (!flags["by-digest"]) expectDigest(reference, made.descriptor.digest);
    await pushResult(io, call, { session, reference, made });
  },
});

const add = defineCommand({
  name: "add",
  aliases: ["append", "insert"],
  summary: "add an index entry",
  description:
    "Add entries to a manifest list or OCI index. With a digest in the reference the\n" +
    "result is pushed by its digest, which is printed.",
  examples: [{
    about: "add arm64 to an image",
    line:
      "regctl index add registry.example.org/repo:v1 --ref registry.example.org/repo:arm64",
  }],
  needs: changes,
  args: ["ref"],
  completes: ["reference"],
  flags: { ...ENTRY_FLAGS, ...DRY_RUN },
  async run(io, call) {
    const { args: [text], flags, signal } = call;
    const reference = parseReference(text);
    await using session = openSession(io, call);
    const store = await session.open(reference);
    await using progress = watchCopy(io, call);
    const index = await readIndex(store, tagOrDigest(reference), { signal });
    const entries = await entriesOf(session, store, {
      flags,
      signal,
      progress,
    });
    const made = addEntries(index, entries);
    await pushResult(io, call, { session, reference, made });
  },
});

const del = defineCommand({
  name: "delete",
  aliases: ["del", "rm", "remove"],
  summary: "delete an index entry",
  description:
    "Delete entries from a manifest list or OCI index, by digest or by platform. The\n" +
    "images themselves stay.",
  examples: [{
    about: "remove several platforms from an image",
    line:
      "regctl index delete registry.example.org/repo:v1 --platform unknown/unknown --platform linux/s390x",
  }],
  needs: changes,
  args: ["ref"],
  completes: ["reference"],
  flags: {
    digest: { kind: "list", value: "DIGEST", summary: "Digest to delete" },
    platform: {
      kind: "list",
      value: "PLATFORM",
      completes: "platform",
      summary: "Platform to delete",
    },
    ...DRY_RUN,
  },
  async run(io, call) {
    const { args: [text], flags, signal } = call;
    const reference = parseReference(text);
    const platforms = flags.platform.map((text) => parsePlatform(text));
    await using session = openSession(io, call);
    const store = await session.open(reference);
    const index = await readIndex(store, tagOrDigest(reference), { signal });
    const made = removeEntries(
      index,
      ({ digest, platform }) =>
        flags.digest.includes(digest) ||
        (platform !== undefined &&
          platforms.some((one) => platformsMatch(one, platform))),
    );
    await pushResult(io, call, { session, reference, made });
  },
});

/** The commands for indexes. */
export const indexCommands: readonly Node[] = [add, create, del];
