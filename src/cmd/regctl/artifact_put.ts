/**
 * `regctl artifact put`.
 *
 * @module
 */
import { isRegError, messageOf, RegError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { fromBytes, skipped } from "../../base/streams.ts";
import type { FlagValues } from "../../cli/flags.ts";
import { checkFormat, jsonText, print } from "../../cli/format.ts";
import type { Io } from "../../cli/io.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { WRITES } from "../../cli/permissions.ts";
import {
  type BlobContent,
  checkMediaType,
  makeArtifact,
  pushMissing,
} from "../../registry/artifact.ts";
import type { Descriptor, ManifestBytes, Store } from "../../registry/core.ts";
import { digestOf } from "../../registry/digest.ts";
import { addEntries, makeIndex, readIndex } from "../../registry/index_edit.ts";
import { packDirectory } from "../../registry/layers/pack.ts";
import { spool, type Spooled } from "../../registry/layers/spool.ts";
import { MEDIA_TYPES } from "../../registry/media_types.ts";
import { parsePlatform } from "../../registry/platform.ts";
import {
  isSameRepository,
  parseReference,
  type Reference,
  tagOrDigest,
} from "../../registry/reference.ts";
import { manifestResult, manifestView } from "../../view/mod.ts";
import { OPTIONAL_FORMAT } from "../shared.ts";
import { resolveSubject } from "./artifact_flags.ts";
import { defineCommand } from "./define.ts";
import { DRY_RUN, PLATFORM } from "./flags.ts";
import { BY_DIGEST, keyValues } from "./push_result.ts";
import { openSession } from "./session.ts";
import { expectDigest, targetTag } from "./target.ts";

const PUT_FLAGS = {
  annotation: {
    kind: "list",
    value: "KEY=VALUE",
    summary: "Annotation to include on manifest",
  },
  "artifact-type": {
    kind: "text",
    value: "TYPE",
    summary: "Artifact type (recommended)",
  },
  ...BY_DIGEST,
  "config-file": {
    kind: "text",
    value: "FILE",
    completes: "file",
    summary: "Filename for config content",
  },
  "config-type": { kind: "text", value: "TYPE", summary: "Config mediaType" },
  ...DRY_RUN,
  external: {
    kind: "text",
    value: "REPOSITORY",
    completes: "repository",
    summary: "Push referrers to a separate repository",
  },
  file: {
    kind: "list",
    value: "FILE",
    short: "f",
    completes: "file",
    summary: "Artifact filename; a directory is packed",
  },
  "file-media-type": {
    kind: "list",
    value: "TYPE",
    short: "m",
    summary: "Set the mediaType for the individual files",
  },
  "file-title": {
    kind: "switch",
    summary: "Include a title annotation with the filename",
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
  "strip-dirs": {
    kind: "switch",
    summary: "Strip directories from filenames in file-title",
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
        "regctl artifact put --artifact-type application/example.test registry.example.com/repo:artifact < text.txt",
    },
    {
      about: "push an SBOM that refers to an image",
      line:
        "regctl artifact put --artifact-type application/spdx+json --subject registry.example.com/repo:v1 < spdx.json",
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
    const config = await configOf(flags, types.config);
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

interface Types {
  readonly artifact: string | undefined;
  readonly config: string;
  /** Of each file; of the standard input where there is none. */
  readonly files: readonly string[];
}

/** The media types, from what is told and upstream's rules for the rest. */
function typesOf(flags: PutFlags, log: Log): Types {
  const { "artifact-type": told = "", "config-type": configType = "" } = flags;
  const { "config-file": configFile, file, "file-media-type": types } = flags;
  for (const type of [told, configType, ...types]) {
    if (type !== "") checkMediaType(type);
  }
  let config = configType;
  if (config === "" && configFile !== undefined) {
    if (told === "") {
      throw new UsageError("config-type is required for config-file");
    }
    log.warn("setting config-type using artifact-type");
    config = told;
  }
  if (config === "") config = MEDIA_TYPES.ociEmpty;
  let artifact = told;
  if (artifact === "" && config === MEDIA_TYPES.ociEmpty) {
    log.warn("using default value for artifact-type is not recommended");
    artifact = "application/vnd.unknown.config+json";
  }
  const count = Math.max(1, file.length);
  const single = told === "" ? "application/octet-stream" : told;
  const files = types.length === 0 && count === 1 ? [single] : types;
  if (files.length !== count) {
    throw new UsageError(
      "one artifact media-type must be set for each artifact file",
      "add a --file-media-type for each --file",
    );
  }
  return { artifact: artifact || undefined, config, files };
}

async function configOf(
  flags: PutFlags,
  mediaType: string,
): Promise<BlobContent> {
  const path = flags["config-file"];
  const bytes = path === undefined
    ? new TextEncoder().encode("{}")
    : await readFile(path);
  const node = { mediaType, digest: digestOf(bytes), size: bytes.length };
  return {
    node,
    body: ({ offset = 0 } = {}) =>
      Promise.resolve(skipped(fromBytes(bytes), offset)),
  };
}

async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): RegError {
  return new RegError("file", `Cannot read "${path}": ${messageOf(error)}`, {
    cause: error,
  });
}

interface LayersOptions {
  readonly flags: PutFlags;
  readonly types: Types;
  /** Takes temporary files. */
  readonly files: AsyncDisposableStack;
  readonly signal: AbortSignal;
}

async function layersOf(
  io: Io,
  { flags, types, files, signal }: LayersOptions,
): Promise<BlobContent[]> {
  const layers: BlobContent[] = [];
  const paths = flags.file.length === 0 ? [undefined] : flags.file;
  for (const [at, path] of paths.entries()) {
    const mediaType = types.files[at] ?? "";
    const { stream, isDirectory } = await openPath(io, path, signal);
    const spooled: Spooled = files.use(await spool(stream, { signal }));
    const annotations = flags["file-title"] && path !== undefined
      ? { [TITLE]: titleOf(path, { isDirectory, strip: flags["strip-dirs"] }) }
      : undefined;
    const { digest, size, body } = spooled;
    const node: Descriptor = {
      mediaType,
      digest,
      size,
      ...(annotations ? { annotations } : {}),
    };
    layers.push({ node, body });
  }
  return layers;
}

const TITLE = "org.opencontainers.image.title";

function titleOf(
  path: string,
  options: { readonly isDirectory: boolean; readonly strip: boolean },
): string {
  const whole = path.replace(/\/+$/, "");
  const name = options.strip ? whole.replace(/^.*\//, "") : whole;
  return options.isDirectory ? `${name}/` : name;
}

async function openPath(
  io: Io,
  path: string | undefined,
  signal: AbortSignal,
): Promise<
  { readonly stream: ReadableStream<Uint8Array>; readonly isDirectory: boolean }
> {
  if (path === undefined) {
    return { stream: io.stdin.stream(), isDirectory: false };
  }
  try {
    if ((await Deno.stat(path)).isDirectory) {
      const packed = ReadableStream.from(packDirectory(path, { signal }));
      return { stream: gzipped(packed), isDirectory: true };
    }
    return { stream: (await Deno.open(path)).readable, isDirectory: false };
  } catch (error) {
    throw unreadable(path, error);
  }
}

function gzipped(
  stream: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const plain = stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
      transform: (chunk, out) => out.enqueue(new Uint8Array(chunk)),
    }),
  );
  return plain.pipeThrough(new CompressionStream("gzip"));
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
