/**
 * `regctl artifact list` and `regctl artifact tree`.
 *
 * @module
 */
import { checkFormat, print } from "../../cli/format.ts";
import { READS } from "../../cli/permissions.ts";
import {
  type ArtifactNode,
  artifactTree,
} from "../../registry/artifact_tree.ts";
import {
  parseReference,
  type Reference,
  tagOrDigest,
  withDigest,
  withTag,
} from "../../registry/reference.ts";
import { queryReferrers } from "../../registry/referrer_query.ts";
import { referrerListView, type TreeNode, treeView } from "../../view/mod.ts";
import { formatFlags } from "../shared.ts";
import {
  FILTER_FLAGS,
  queryOf,
  resolveSubject,
  SORT_FLAGS,
} from "./artifact_flags.ts";
import { defineCommand } from "./define.ts";
import { PLATFORM, PRETTY } from "./flags.ts";
import { openSession } from "./session.ts";

const DIGEST_TAGS = {
  "digest-tags": { kind: "switch", summary: "Include digest tags" },
} as const;

/** Lists what refers to an image. */
export const list = defineCommand({
  name: "list",
  aliases: ["ls"],
  summary: "list artifacts that have a subject to the given reference",
  description: "List the artifacts that refer to a manifest as their subject.",
  examples: [
    {
      about: "list what refers to the image of this platform",
      line: "regctl artifact list ghcr.io/regclient/regctl --platform local",
    },
    {
      about: "print the registry's own answer",
      line: "regctl artifact list registry.example.org/repo:v1 --format body",
    },
  ],
  needs: READS,
  args: ["ref"],
  completes: ["reference"],
  flags: {
    ...DIGEST_TAGS,
    ...FILTER_FLAGS,
    ...formatFlags(PRETTY),
    ...PLATFORM,
    ...SORT_FLAGS,
  },
  async run(io, call) {
    const { args: [text], flags, given, signal } = call;
    checkFormat(flags, given);
    const query = queryOf(flags);
    const reference = parseReference(text);
    const source = flags.external ? parseReference(flags.external) : undefined;
    await using session = openSession(io, call);
    const { platform } = flags;
    const subject = await resolveSubject(session, reference, {
      platform,
      signal,
    });
    const store = await session.open(source ?? reference);
    const referrers = await queryReferrers(store, subject, {
      ...query,
      digestTags: flags["digest-tags"],
      signal,
    });
    await print(io, call, {
      plain: [PRETTY],
      view: () =>
        referrerListView({
          subject: withDigest(reference, subject.digest),
          source,
          descriptors: referrers.descriptors,
          referrers,
        }),
      headers: referrers.headers,
      body: () => referrers.bytes ?? "",
    });
  },
});

/** Shows an image with all that belongs to it. */
export const tree = defineCommand({
  name: "tree",
  summary: "return a graph of manifests and referrers",
  description:
    "Show an image, its platforms and what refers to each of them, as a tree.",
  examples: [{
    about: "show an image and its signatures",
    line: "regctl artifact tree --digest-tags ghcr.io/regclient/regsync:latest",
  }],
  needs: READS,
  args: ["ref"],
  completes: ["reference"],
  flags: { ...DIGEST_TAGS, ...FILTER_FLAGS, ...formatFlags(PRETTY) },
  async run(io, call) {
    const { args: [text], flags, given, signal } = call;
    checkFormat(flags, given);
    const reference = parseReference(text);
    const external = flags.external
      ? parseReference(flags.external)
      : undefined;
    await using session = openSession(io, call);
    const store = await session.open(reference);
    const found = await artifactTree(store, tagOrDigest(reference), {
      ...queryOf(flags),
      external: external && await session.open(external),
      digestTags: flags["digest-tags"],
      signal,
    });
    await print(io, call, {
      plain: [PRETTY],
      view: () => treeView(nodeView(found.root, reference, external)),
    });
    if (found.error) throw found.error;
  },
});

function nodeView(
  node: ArtifactNode,
  reference: Reference,
  external: Reference | undefined,
  isRoot = true,
): TreeNode {
  const { manifest, platform, artifactType, tag } = node;
  const at = node.isExternal && external ? external : reference;
  const { digest } = manifest.descriptor;
  const below = (nodes: readonly ArtifactNode[]) =>
    nodes.map((each) => nodeView(each, reference, external, false));
  return {
    reference: isRoot
      ? reference
      : tag === undefined
      ? withDigest(at, digest)
      : withTag(at, tag),
    manifest,
    platform,
    artifactType,
    children: below(node.children),
    referrers: below(node.referrers),
    ...(external ? { referrerSource: external } : {}),
  };
}
