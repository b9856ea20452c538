/**
 * `regctl artifact get`.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import { fileError } from "../../base/file_error.ts";
import type { FlagValues } from "../../cli/flags.ts";
import { write } from "../../cli/format.ts";
import type { Io } from "../../cli/io.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { READS, WRITES } from "../../cli/permissions.ts";
import type { Descriptor, Source } from "../../registry/core.ts";
import { hexOf } from "../../registry/digest.ts";
import { unpackInto } from "../../registry/layers/unpack.ts";
import { type Manifest, parseManifest } from "../../registry/manifest.ts";
import { parsePlatform, platformsMatch } from "../../registry/platform.ts";
import {
  commonName,
  parseReference,
  type Reference,
  tagOrDigest,
  withDigest,
} from "../../registry/reference.ts";
import {
  queryReferrers,
  selectDescriptors,
} from "../../registry/referrer_query.ts";
import {
  FILTER_FLAGS,
  queryOf,
  resolveSubject,
  SORT_FLAGS,
} from "./artifact_flags.ts";
import { defineCommand, type RegctlCall } from "./define.ts";
import { fileOf, writeFile } from "./file_output.ts";
import { FILE_TYPES, PLATFORM } from "./flags.ts";
import { openSession, type Session } from "./session.ts";

const GET_FLAGS = {
  config: {
    kind: "switch",
    summary: "Show the config, overrides file options",
  },
  "config-file": {
    kind: "text",
    value: "FILE",
    completes: "file",
    summary: "Output config to a file",
  },
  file: {
    kind: "list",
    value: "NAME",
    short: "f",
    summary: "Filter by artifact filename",
  },
  "file-media-type": {
    kind: "list",
    value: "TYPE",
    short: "m",
    completes: FILE_TYPES,
    summary: "Filter by artifact media-type",
  },
  ...FILTER_FLAGS,
  ...SORT_FLAGS,
  output: {
    kind: "text",
    value: "DIR",
    short: "o",
    completes: "directory",
    summary: "Output directory for multiple artifacts",
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
    summary: "Strip directories from filenames in output dir",
  },
  subject: {
    kind: "text",
    value: "REF",
    completes: "reference",
    summary: "Get a referrer to the subject reference",
  },
} as const;

type GetFlags = FlagValues<typeof GET_FLAGS>;
type GetCall = RegctlCall & { readonly flags: GetFlags };

/** Downloads what is in an artifact. */
export const get = defineCommand({
  name: "get",
  aliases: ["pull"],
  summary: "download artifacts",
  description:
    "Download an artifact: one file to the standard output, or all of them to --output,\n" +
    "where directories are unpacked. With --subject the artifact is looked for among\n" +
    "what refers to that image.",
  examples: [
    {
      about: "download a helm chart",
      line:
        "regctl artifact get registry.example.org/helm-charts/chart:0.0.1 > chart.tgz",
    },
    {
      about: "get the SBOM of an image",
      line:
        "regctl artifact get --subject ghcr.io/regclient/regsync:latest --filter-artifact-type application/spdx+json --platform local",
    },
  ],
  needs: ({ flags }) =>
    flags["output"] ?? flags["config-file"] ? WRITES : READS,
  args: ["[ref]"],
  completes: ["reference"],
  flags: GET_FLAGS,
  async run(io, call) {
    const { args: [text], flags, signal } = call;
    queryOf(flags); // refuses what cannot be had together
    if (flags.output !== undefined) await checkDirectory(flags.output);
    await using session = openSession(io, call);
    const reference = text === undefined
      ? await findReferrer(session, call)
      : parseReference(text);
    const store = await session.open(reference);
    const manifest = await artifactOf(store, reference, call);
    if (flags.config || flags["config-file"] !== undefined) {
      await giveConfig(io, { store, manifest }, call);
      if (flags.config) return;
    }
    const layers = filesOf(manifest, flags);
    if (flags.output !== undefined) {
      for (const layer of layers) {
        await save(store, layer, { ...flags, output: flags.output, signal });
      }
      return;
    }
    const [only, ...others] = layers;
    if (only === undefined || others.length > 0) {
      throw new UsageError(
        "more than one matching layer found, add filters or specify output dir",
        "add --file NAME, --file-media-type TYPE or --output DIR",
      );
    }
    await write(io, await store.open(only, { signal }));
  },
});

async function checkDirectory(path: string): Promise<void> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (error) {
    throw new RegError(
      "file",
      `output directory unavailable: ${messageOf(error)}`,
      { cause: error },
    );
  }
  if (!info.isDirectory) {
    throw new RegError(
      "file",
      `output must be a directory: ${JSON.stringify(path)}`,
    );
  }
}

/** The first referrer that the flags choose. */
async function findReferrer(
  session: Session,
  { flags, signal, log }: GetCall,
): Promise<Reference> {
  const text = flags.subject || flags.refers;
  if (flags.refers) log.warn("--refers is deprecated, use --subject");
  if (!text) {
    throw new UsageError("either a reference or subject must be provided");
  }
  const subject = parseReference(text);
  const source = flags.external ? parseReference(flags.external) : subject;
  const { platform } = flags;
  const node = await resolveSubject(session, subject, { platform, signal });
  const query = queryOf(flags);
  const { descriptors } = await queryReferrers(
    await session.open(source),
    node,
    { ...query, signal },
  );
  const [first, ...others] = descriptors;
  if (first === undefined) {
    throw new RegError(
      "not_found",
      `no matching referrers to ${commonName(subject)}`,
    );
  }
  if (others.length > 0 && !query.sortAnnotation) {
    log.warn("multiple referrers match, using first match", {
      match: first.digest,
      other: others.map(({ digest }) => digest),
    });
  }
  return withDigest(source, first.digest);
}

/** The manifest; of an index the first entry that the flags choose. */
async function artifactOf(
  store: Source,
  reference: Reference,
  { flags, signal }: GetCall,
): Promise<Manifest> {
  const read = async (name: string) => {
    const { bytes, descriptor } = await store.manifest(name, { signal });
    return parseManifest(bytes, descriptor.mediaType);
  };
  const manifest = await read(tagOrDigest(reference));
  if (manifest.kind !== "index") return manifest;
  const platform = flags.platform ? parsePlatform(flags.platform) : undefined;
  const entries = manifest.manifests.filter((entry) =>
    platform === undefined ||
    (entry.platform !== undefined && platformsMatch(platform, entry.platform))
  );
  const [first] = selectDescriptors(entries, queryOf(flags));
  if (first) return await read(first.digest);
  throw new RegError(
    "not_found",
    "no matching artifacts found in index: not found",
  );
}

async function giveConfig(
  io: Io,
  { store, manifest }: { readonly store: Source; readonly manifest: Manifest },
  { flags, signal }: GetCall,
): Promise<void> {
  if (manifest.kind !== "image") {
    throw new RegError(
      "unsupported",
      "Cannot get the config: the manifest has none",
    );
  }
  const path = fileOf(flags["config-file"]);
  const stream = await store.open(manifest.config, { signal });
  if (path === undefined) await write(io, stream);
  else await writeFile(path, stream, { signal });
}

const TITLE = "org.opencontainers.image.title";
const UNPACK = "io.deis.oras.content.unpack";

function filesOf(manifest: Manifest, flags: GetFlags): readonly Descriptor[] {
  const all = manifest.kind === "image"
    ? manifest.layers
    : manifest.kind === "artifact"
    ? manifest.blobs
    : [];
  const { file, "file-media-type": types } = flags;
  const found = all.filter(({ mediaType, annotations }) =>
    (file.length === 0 || file.includes(annotations?.[TITLE] ?? "")) &&
    (types.length === 0 || types.includes(mediaType))
  );
  if (found.length > 0) return found;
  throw new RegError(
    "not_found",
    "no matching layers found in the artifact, verify media-type and filename",
  );
}

interface SaveOptions {
  readonly output: string;
  readonly "strip-dirs": boolean;
  readonly signal: AbortSignal;
}

/** Writes a file below the folder, or unpacks a directory there. */
async function save(
  store: Source,
  layer: Descriptor,
  options: SaveOptions,
): Promise<void> {
  const { output, signal, "strip-dirs": strip } = options;
  const title = layer.annotations?.[TITLE] ?? "";
  const isDirectory = title.endsWith("/") ||
    layer.annotations?.[UNPACK] === "true";
  const parts = contained(title === "" ? hexOf(layer.digest) : title);
  // What follows the last slash: of a directory's title nothing does.
  const shown = !strip ? parts : title.endsWith("/") ? [] : parts.slice(-1);
  const path = [output, ...shown].join("/");
  const parent = isDirectory ? path : [output, ...shown.slice(0, -1)].join("/");
  try {
    await Deno.mkdir(parent, { recursive: true });
  } catch (error) {
    throw fileError(error, `make folder "${parent}"`);
  }
  const stream = await store.open(layer, { signal });
  if (isDirectory) await unpackInto(path, stream, { signal });
  else await writeFile(path, stream, { signal });
}

/** The parts of a path that cannot lead out of a folder. */
function contained(title: string): string[] {
  const parts: string[] = [];
  for (const part of title.split(/[/\\]/)) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== "." && !part.includes("\0")) {
      parts.push(part);
    }
  }
  if (parts.length > 0) return parts;
  throw new RegError(
    "invalid",
    `Cannot write a file with the name ${JSON.stringify(title)}`,
  );
}
