/**
 * Reads what `regctl artifact put` puts into an artifact.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import { collect, fromBytes, skipped } from "../../base/streams.ts";
import type { Io } from "../../cli/io.ts";
import { isStandardInput } from "../../cli/standard_path.ts";
import type { BlobContent } from "../../registry/artifact.ts";
import type { CallOptions, Descriptor } from "../../registry/core.ts";
import { digestOf } from "../../registry/digest.ts";
import { BLOB_IN_MEMORY } from "../../registry/image.ts";
import { packDirectory } from "../../registry/layers/pack.ts";
import { spool, type Spooled } from "../../registry/layers/spool.ts";
import type { ArtifactTypes, ContentFlags } from "./artifact_types.ts";

/** Options for {@linkcode configOf}. */
export interface ConfigOptions {
  /** The flags of the command. */
  readonly flags: ContentFlags;
  /** What the config is. */
  readonly mediaType: string;
}

/** The config that a flag names; an empty one where none does. */
export async function configOf(
  io: Io,
  { flags, mediaType }: ConfigOptions,
): Promise<BlobContent> {
  const path = flags["config-file"];
  const bytes = path === undefined
    ? new TextEncoder().encode("{}")
    : isStandardInput(path)
    ? await collect(io.stdin.stream(), BLOB_IN_MEMORY)
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

/** Options for {@linkcode layersOf}. */
export interface LayersOptions extends CallOptions {
  /** Names the files. */
  readonly flags: ContentFlags;
  /** Their media types. */
  readonly types: ArtifactTypes;
  /** Takes temporary files. */
  readonly files: AsyncDisposableStack;
}

/** The files, or the standard input, each ready to be sent more than once. */
export async function layersOf(
  io: Io,
  { flags, types, files, signal }: LayersOptions,
): Promise<BlobContent[]> {
  const layers: BlobContent[] = [];
  const paths = flags.file.length === 0 ? [undefined] : flags.file;
  for (const [at, path] of paths.entries()) {
    const mediaType = types.files[at] ?? "";
    const { stream, isDirectory } = await openPath(io, path, { signal });
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
  { signal }: CallOptions,
): Promise<
  { readonly stream: ReadableStream<Uint8Array>; readonly isDirectory: boolean }
> {
  if (path === undefined || isStandardInput(path)) {
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
