/**
 * `regctl artifact put`.
 *
 * @module
 */
import { isRegError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { FlagValues } from "../../cli/flags.ts";
import { checkFormat, jsonText, print } from "../../cli/format.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { WRITES } from "../../cli/permissions.ts";
import { makeArtifact, pushMissing } from "../../registry/artifact.ts";
import type { Descriptor, ManifestBytes, Store } from "../../registry/core.ts";
import { addEntries, makeIndex, readIndex } from "../../registry/index_edit.ts";
import { parsePlatform } from "../../registry/platform.ts";
import {
  isSameRepository,
  parseReference,
  type Reference,
  tagOrDigest,
} from "../../registry/reference.ts";
import { expectDigest, targetTag } from "../../registry/target.ts";
import { manifestResult, manifestView } from "../../view/mod.ts";
import { OPTIONAL_FORMAT } from "../shared.ts";
import { configOf, layersOf } from "./artifact_content.ts";
import { resolveSubject } from "./artifact_flags.ts";
import { CONTENT_FLAGS, typesOf } from "./artifact_types.ts";
import { defineCommand } from "./define.ts";
import { DRY_RUN, PLATFORM } from "./flags.ts";
import { BY_DIGEST, keyValues } from "./push_result.ts";
import { openSession } from "./session.ts";

const PUT_FLAGS = {
  annotation: {
    kind: "list",
    value: "KEY=VALUE",
    summary: "Annotation to include on manifest",
  },
  ...BY_DIGEST,
  ...CONTENT_FLAGS,
  ...DRY_RUN,
  external: {
    kind: "text",
    value: "REPOSITORY",
    completes: "repository",
    summary: "Push referrers to a separate repository",
  },
  ...OPTIONAL_FORMAT,
  index: { kind: "switch", summary: "Create/append artifact to an index" },
  "media-type": {
    kind: "text",
    value: "TYPE",
    default: "application/vnd.oci.image.manifest.v1+json",
    hidden: true,
    summary: "Manifest media type",
  },
  ...PLATFORM,
  refers: {
    kind: "text",
    value: "REF",
    hidden: true,
    summary: "Deprecated: use --subject",
  },
  subject: {
    kind: "text",
    value: "REF",
    completes: "reference",
    summary: "Set the subject to a reference (used for referrer queries)",
  },
} as const;

type PutFlags = FlagValues<typeof PUT_FLAGS>;

/** Uploads files as an artifact. */
export const put = defineCommand({
  name: "put",
  aliases: ["create", "push"],
  summary: "upload artifacts",
  description:
    "Upload files, or the standard input, as an artifact. With --subject it refers to an\n" +
    "image; without a reference it is then pushed by its digest alone.",
  examples: [
    {
      about: "push a simple artifact by name",
      line:
        "regctl artifact put --artifact-type application/example.test registry.example.org/repo:artifact < text.txt",
    },
    {
      about: "push an SBOM that refers to an image",
      line:
        "regctl artifact put --artifact-type application/spdx+json --subject registry.example.org/repo:v1 < spdx.json",
    },
  ],
  needs: WRITES,
  args: ["[ref]"],
  completes: ["reference"],
  flags: PUT_FLAGS,
  async run(io, call) {
    const { args: [text], flags, given, signal, log } = call;
    checkFormat(flags, given);
    warnOfOld(flags, given, log);
    const { reference, subject } = targetsOf(text, flags);
    const types = typesOf(flags, log);
    await using session = openSession(io, call);
    const store = await session.open(reference);
    const { platform } = flags;
    const node = subject &&
      await resolveSubject(session, subject, { platform, signal });
    const config = await configOf(io, { flags, mediaType: types.config });
    await using files = new AsyncDisposableStack();
    const layers = await layersOf(io, { flags, types, files, signal });
    const made = makeArtifact({
      mediaType: flags["media-type"],
      artifactType: types.artifact,
      config: config.node,
      layers: layers.map((layer) => layer.node),
      annotations: keyValues(flags.annotation),
      subject: node && {
        mediaType: node.mediaType,
        digest: node.digest,
        size: node.size,
      },
    });
    const isNamed = text !== undefined && !flags.index && !flags["by-digest"];
    if (isNamed) expectDigest(reference, made.descriptor.digest);
    for (const blob of [config, ...layers]) {
      await pushMissing(store, blob, { signal });
    }
    await store.putManifest(made.descriptor, made.bytes, {
      tag: isNamed ? targetTag(reference) : undefined,
      child: text === undefined || flags.index,
      signal,
    });
    if (flags.index) {
      await appendToIndex(store, { reference, made, flags, signal });
    }
    if (session.dryRun) return;
    await print(io, call, {
      plain: [""],
      text: () => flags["by-digest"] ? `${made.descriptor.digest}\n` : "",
      view: () => manifestResult(manifestView(made, { reference })),
      json: () => jsonText(made.descriptor),
    });
  },
});

function warnOfOld(
  flags: PutFlags,
  given: ReadonlySet<string>,
  log: Log,
): void {
  if (flags.refers) log.warn("--refers is deprecated, use --subject");
  if (given.has("media-type")) {
    log.warn("changing media-type is experimental and non-portable");
  }
}

/** Where the artifact goes, and to what it refers. */
function targetsOf(
  text: string | undefined,
  flags: PutFlags,
): { readonly reference: Reference; readonly subject: Reference | undefined } {
  const { external = "", index } = flags;
  const subjectText = flags.subject || flags.refers || "";
  const subject = subjectText === "" ? undefined : parseReference(subjectText);
  if (external !== "" && subject === undefined) {
    throw new UsageError(
      "pushing a referrer to an external repository requires a subject",
    );
  }
  if (index && text === undefined) {
    throw new UsageError("a reference is required to push to an index");
  }
  if (text === undefined) {
    if (subject === undefined) {
      throw new UsageError("either a reference or subject must be provided");
    }
    const reference = external === "" ? subject : parseReference(external);
    return { reference, subject };
  }
  const reference = parseReference(text);
  if (
    external !== "" && !isSameRepository(parseReference(external), reference)
  ) {
    throw new UsageError(
      "reference and external must be in the same repository",
    );
  }
  return { reference, subject };
}

interface AppendOptions {
  readonly reference: Reference;
  readonly made: ManifestBytes;
  readonly flags: PutFlags;
  readonly signal: AbortSignal;
}

/** Adds the artifact to the index under the tag; makes one where there is none. */
async function appendToIndex(
  store: Store,
  { reference, made, flags, signal }: AppendOptions,
): Promise<void> {
  const annotations = keyValues(flags.annotation);
  const entry: Descriptor = {
    ...made.descriptor,
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    ...(flags.platform ? { platform: parsePlatform(flags.platform) } : {}),
    ...(flags["artifact-type"] ? { artifactType: flags["artifact-type"] } : {}),
  };
  const index = await existing(store, reference, signal);
  const result = index ? addEntries(index, [entry]) : makeIndex([entry]);
  await store.putManifest(result.descriptor, result.bytes, {
    tag: tagOrDigest(reference),
    signal,
  });
}

async function existing(
  store: Store,
  reference: Reference,
  signal: AbortSignal,
) {
  try {
    return await readIndex(store, tagOrDigest(reference), { signal });
  } catch (error) {
    // What is no index is replaced by one, as upstream does.
    if (isRegError(error, "not_found", "unsupported")) return undefined;
    throw error;
  }
}
