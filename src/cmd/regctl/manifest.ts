/**
 * `regctl manifest`, and the commands of `regctl image` that do the same.
 *
 * @module
 */
import { indentJson } from "../../base/json_indent.ts";
import { RegError } from "../../base/errors.ts";
import { collect } from "../../base/streams.ts";
import type { CommandNode, Node } from "../../cli/command.ts";
import { checkFormat, jsonText, print } from "../../cli/format.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { changes, looks, READS } from "../../cli/permissions.ts";
import type { ManifestBytes, Resolved } from "../../registry/core.ts";
import { resolveImage } from "../../registry/image.ts";
import { describeManifest, MANIFEST_LIMIT } from "../../registry/manifest.ts";
import { deleteManifest } from "../../registry/manifest_delete.ts";
import { parsePlatform } from "../../registry/platform.ts";
import {
  parseReference,
  type Reference,
  tagOrDigest,
  withDigest,
} from "../../registry/reference.ts";
import { expectDigest, targetTag } from "../../registry/target.ts";
import { manifestResult, manifestView } from "../../view/mod.ts";
import { formatFlags, OPTIONAL_FORMAT } from "../shared.ts";
import { defineCommand } from "./define.ts";
import { DIFF_FLAGS, printDiff } from "./diff_flags.ts";
import { DRY_RUN, MANIFEST_TYPES, PLATFORM, PRETTY } from "./flags.ts";
import { printManifest, printResolved } from "./manifest_output.ts";
import { openSession, type Session } from "./session.ts";

/** Flags that only limit what is accepted; hidden ones have no effect. */
const LIST_FLAGS = {
  list: { kind: "switch", hidden: true, default: true, summary: "Deprecated" },
  "require-list": {
    kind: "switch",
    summary: "Deprecated: only refused together with --platform",
  },
} as const;

interface Wanted {
  readonly platform: string | undefined;
  readonly "require-list": boolean;
}

/** Refuses what cannot be had together. */
function checkWanted({ platform = "", "require-list": list }: Wanted): void {
  if (platform !== "" && list) {
    throw new UsageError(
      "cannot request a platform and require-list simultaneously",
    );
  }
}

async function getManifest(
  session: Session,
  reference: Reference,
  options: {
    readonly platform: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<ManifestBytes> {
  const { platform = "", signal } = options;
  const store = await session.open(reference);
  const name = tagOrDigest(reference);
  return platform === ""
    ? await store.manifest(name, { signal })
    : await resolveImage(store, name, {
      platform: parsePlatform(platform),
      signal,
    });
}

/** What differs between `manifest get` and `image manifest`. */
interface Variant {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly group: string;
}

function getCommand(
  variant: Variant & { readonly json: boolean },
): CommandNode {
  const { group, json, ...node } = variant;
  return defineCommand({
    ...node,
    description: json
      ? "Show the manifest, or the list of manifests, as JSON."
      : "Show the manifest, or the list of manifests, as a table.",
    examples: [
      {
        about: "show the original body for the local platform",
        line:
          `regctl ${group} ${node.name} alpine --format raw-body --platform local`,
      },
      {
        about: "list the digests of the layers",
        line:
          `regctl ${group} ${node.name} alpine -p linux/amd64 --format '{{range .Layers}}{{println .Digest}}{{end}}'`,
      },
    ],
    needs: looks,
    args: ["ref"],
    completes: ["reference"],
    flags: { ...PLATFORM, ...LIST_FLAGS, ...formatFlags(PRETTY) },
    async run(io, call) {
      const { args: [text], flags, given, signal } = call;
      checkFormat(flags, given);
      checkWanted(flags);
      const reference = parseReference(text);
      await using session = openSession(io, call);
      const { platform } = flags;
      const manifest = await getManifest(session, reference, {
        platform,
        signal,
      });
      await printManifest(io, call, {
        reference: (platform ?? "") === ""
          ? reference
          : withDigest(reference, manifest.descriptor.digest),
        manifest,
        store: await session.open(reference),
        json,
      });
    },
  });
}

function headCommand(variant: Variant): CommandNode {
  const { group, ...node } = variant;
  return defineCommand({
    ...node,
    description:
      "Show the digest of a manifest, without its body, to pin what is used.",
    examples: [
      {
        about: "show the digest of an image",
        line: `regctl ${group} ${node.name} registry.example.org/repo:v1`,
      },
      {
        about: "show the digest for one platform",
        line: `regctl ${group} ${node.name} alpine --platform linux/arm64`,
      },
    ],
    needs: looks,
    args: ["ref"],
    completes: ["reference"],
    flags: {
      ...PLATFORM,
      ...LIST_FLAGS,
      "require-digest": {
        kind: "switch",
        summary: "Read the manifest where the registry does not say its digest",
      },
      ...formatFlags(""),
    },
    async run(io, call) {
      const { args: [text], flags, given, signal } = call;
      checkFormat(flags, given);
      checkWanted(flags);
      const reference = parseReference(text);
      await using session = openSession(io, call);
      const store = await session.open(reference);
      let resolved: Resolved;
      const { platform = "" } = flags;
      if (platform === "") {
        resolved = await store.resolve(tagOrDigest(reference), { signal });
      } else {
        const { descriptor, headers } = await resolveImage(
          store,
          tagOrDigest(reference),
          { platform: parsePlatform(platform), signal },
        );
        resolved = { ...descriptor, ...(headers ? { headers } : {}) };
      }
      await printResolved(io, call, { reference, resolved });
    },
  });
}

const put = defineCommand({
  name: "put",
  aliases: ["push"],
  summary: "push manifest or manifest list",
  description:
    "Push a manifest from the standard input, byte for byte. Where the type is not\n" +
    "given, it is what the manifest says of itself.",
  examples: [{
    about: "push a manifest",
    line: "regctl manifest put registry.example.org/repo:v1 < manifest.json",
  }],
  needs: changes,
  args: ["ref"],
  completes: ["reference"],
  flags: {
    "by-digest": {
      kind: "switch",
      summary: "Push by digest instead of the tag, and print the digest",
    },
    "content-type": {
      kind: "text",
      value: "TYPE",
      short: "t",
      completes: MANIFEST_TYPES,
      summary: "Media type of the manifest (the manifest's own where left out)",
    },
    ...DRY_RUN,
    ...OPTIONAL_FORMAT,
  },
  async run(io, call) {
    const { args: [text], flags, given, signal } = call;
    checkFormat(flags, given);
    const reference = parseReference(text);
    const bytes = await collect(io.stdin.stream(), MANIFEST_LIMIT);
    if (bytes.length === 0) {
      throw new RegError(
        "invalid",
        "Cannot push manifest: nothing on the standard input",
      );
    }
    const { descriptor } = describeManifest(bytes, flags["content-type"]);
    if (!flags["by-digest"]) expectDigest(reference, descriptor.digest);
    await using session = openSession(io, call);
    const store = await session.open(reference);
    const tag = flags["by-digest"] ? undefined : targetTag(reference);
    await store.putManifest(descriptor, bytes, { tag, signal });
    if (session.dryRun) return;
    await print(io, call, {
      plain: [
        flags["by-digest"]
          ? '{{ printf "%s\\n" .Manifest.GetDescriptor.Digest }}'
          : "",
      ],
      text: () => flags["by-digest"] ? `${descriptor.digest}\n` : "",
      view: () =>
        manifestResult(manifestView({ descriptor, bytes }, { reference })),
      json: () => jsonText(descriptor),
    });
  },
});

function deleteCommand(variant: Variant): CommandNode {
  const { group, ...node } = variant;
  return defineCommand({
    ...node,
    description:
      "Delete a manifest by its digest: every tag that points at it is gone, too.\n" +
      "Use `regctl tag delete` to delete a tag alone.",
    examples: [{
      about: "delete the manifest that a tag points at",
      line:
        `regctl ${group} ${node.name} registry.example.org/repo:v1 --force-tag-dereference`,
    }],
    needs: changes,
    args: ["ref"],
    completes: ["reference"],
    flags: {
      "force-tag-dereference": {
        kind: "switch",
        summary: "Look up the digest of a tag, and delete the manifest",
      },
      "ignore-missing": {
        kind: "switch",
        summary: "Do not fail where the manifest is not there",
      },
      referrers: {
        kind: "switch",
        summary: "Take the manifest out of the referrers of its subject",
      },
      ...DRY_RUN,
    },
    async run(io, call) {
      const { args: [text], flags, signal } = call;
      const reference = parseReference(text);
      const byTag = reference.digest === "";
      if (byTag && !flags["force-tag-dereference"]) {
        throw new UsageError(
          `digest required to delete manifest, reference ${text}`,
        );
      }
      await using session = openSession(io, call);
      const store = await session.open(reference);
      await deleteManifest(store, tagOrDigest(reference), {
        ignoreMissing: flags["ignore-missing"],
        referrers: flags.referrers,
        signal,
      });
    },
  });
}

const diff = defineCommand({
  name: "diff",
  summary: "compare manifests",
  description: "Show how two manifests differ, as indented JSON.",
  examples: [{
    about: "compare two tags",
    line: "regctl manifest diff alpine:3.20 alpine:3.21",
  }],
  needs: READS,
  args: ["ref", "ref"],
  completes: ["reference", "reference"],
  flags: DIFF_FLAGS,
  async run(io, call) {
    const { args, flags, signal } = call;
    const [before, after] = [parseReference(args[0]), parseReference(args[1])];
    await using session = openSession(io, call);
    const lines = async (reference: Reference) => {
      const { bytes } = await getManifest(session, reference, {
        platform: undefined,
        signal,
      });
      return indentJson(new TextDecoder().decode(bytes)).split("\n");
    };
    await printDiff(io, flags, [await lines(before), await lines(after)]);
  },
});

/** `regctl image manifest`. */
export const imageManifest: CommandNode = getCommand({
  name: "manifest",
  summary: "show manifest or manifest list",
  group: "image",
  json: true,
});

/** `regctl image digest`. */
export const imageDigest: CommandNode = headCommand({
  name: "digest",
  summary: "show digest for pinning",
  group: "image",
});

/** `regctl image delete`. */
export const imageDelete: CommandNode = deleteCommand({
  name: "delete",
  aliases: ["del", "rm", "remove"],
  summary: "delete image",
  group: "image",
});

/** The commands for manifests. */
export const manifestCommands: readonly Node[] = [
  deleteCommand({
    name: "delete",
    aliases: ["del", "rm", "remove"],
    summary: "delete a manifest",
    group: "manifest",
  }),
  diff,
  getCommand({
    name: "get",
    aliases: ["pull"],
    summary: "retrieve manifest or manifest list",
    group: "manifest",
    json: false,
  }),
  headCommand({
    name: "head",
    aliases: ["digest"],
    summary: "http head request for manifest",
    group: "manifest",
  }),
  put,
];
