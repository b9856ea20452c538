/**
 * A blob that is being written: a file of its own until it is whole, from which
 * a later attempt can go on.
 *
 * @module
 */
import { RegError } from "../../../base/errors.ts";
import type { Body, CallOptions, Descriptor } from "../../core.ts";
import { algorithmOf, createHasher } from "../../digest.ts";
import { DigestError } from "../../verify.ts";
import { FileWriter, readChunks } from "./file_stream.ts";
import { absent, attempt, removeFile } from "./file_system.ts";

/** Partly written blobs below this size are not worth keeping. */
const WORTH_KEEPING = 1024 * 1024;

/** An unfinished blob in a file that nobody else uses. */
export interface Part {
  /** Where it is. */
  readonly path: string;
  /** Where it is kept for a later attempt. */
  readonly kept: string;
  /** The open file. */
  readonly file: Deno.FsFile;
}

/** Options for {@linkcode fillPart}. */
export interface FillOptions extends CallOptions {
  /** Opens the bytes, from where the part ends. */
  readonly body: Body;
  /** Called with the number of bytes that came since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Opens what an earlier attempt has kept, or a new file. Under a name of its own,
 * nobody else goes on with it meanwhile.
 */
export async function openPart(kept: string): Promise<Part> {
  const path = `${kept}.${crypto.randomUUID()}`;
  await absent(Deno.rename(kept, path));
  // A link would lead to a file of somebody else.
  if ((await absent(Deno.lstat(path)))?.isFile === false) {
    await removeFile(path);
  }
  const file = await attempt(
    Deno.open(path, { read: true, write: true, create: true }),
  );
  return { path, kept, file };
}

/**
 * Writes what is missing of a blob, verifies the whole and closes the file. After
 * a failure the part is kept where that is worth it, else removed.
 *
 * @throws {RegError} `mismatch`, and whatever the body throws.
 */
export async function fillPart(
  part: Part,
  node: Descriptor,
  options: FillOptions,
): Promise<void> {
  try {
    using _file = part.file;
    await fill(part, node, options);
  } catch (error) {
    await keep(part, error instanceof DigestError ? 0 : node.size);
    throw error;
  }
}

async function fill(
  part: Part,
  node: Descriptor,
  options: FillOptions,
): Promise<void> {
  const { path, file: out } = part;
  const { body, signal, onBytes } = options;
  let { hasher, size: done } = await hashFile(out, node);
  if (done > 0 && done === node.size) {
    if (hasher.digest() === node.digest) return;
    ({ hasher, size: done } = await startOver(out, node));
  }
  const resumed = done > 0;
  const writer = new FileWriter(out, path);
  try {
    for await (const chunk of await body({ offset: done, signal })) {
      signal?.throwIfAborted();
      done += chunk.length;
      if (node.size >= 0 && done > node.size) throw wrongSize(node, done);
      hasher.update(chunk);
      await writer.write(chunk);
      onBytes?.(chunk.length);
    }
  } finally {
    // Also what came before a break.
    await writer.flush();
  }
  const got = hasher.digest();
  if (node.size >= 0 && done !== node.size) throw wrongSize(node, done);
  if (got === node.digest) return;
  if (!resumed) throw new DigestError(node.digest, got);
  // What the earlier attempt left may be what is wrong.
  await startOver(out, node);
  return await fill(part, node, options);
}

/** Hashes what is in a file, unless that is more than the blob. */
async function hashFile(out: Deno.FsFile, node: Descriptor) {
  const hasher = createHasher(algorithmOf(node.digest));
  let size = 0;
  for await (const chunk of readChunks(out)) {
    hasher.update(chunk);
    size += chunk.length;
    if (node.size < 0 || size > node.size) return await startOver(out, node);
  }
  return { hasher, size };
}

async function startOver(out: Deno.FsFile, node: Descriptor) {
  await attempt(out.truncate(0));
  await out.seek(0, Deno.SeekMode.Start);
  return { hasher: createHasher(algorithmOf(node.digest)), size: 0 };
}

function wrongSize(node: Descriptor, got: number): RegError {
  return new RegError(
    "mismatch",
    `${
      got > node.size ? "size limit exceeded" : "short read"
    } [expected ${node.size}, received ${got}]`,
  );
}

/** Keeps a part that a later attempt can go on with, else removes it. */
async function keep(part: Part, whole: number): Promise<void> {
  const { path, kept } = part;
  const size = (await absent(Deno.stat(path)))?.size ?? 0;
  if (size >= WORTH_KEEPING && size < whole) {
    await absent(Deno.rename(path, kept));
  } else await removeFile(path);
}

/**
 * Checks that a file holds a blob.
 *
 * @throws {RegError} `mismatch` where size or digest differ.
 */
export async function checkFile(path: string, node: Descriptor): Promise<void> {
  const hasher = createHasher(algorithmOf(node.digest));
  let size = 0;
  using opened = await attempt(Deno.open(path));
  for await (const chunk of readChunks(opened)) {
    hasher.update(chunk);
    size += chunk.length;
  }
  if (node.size >= 0 && size !== node.size) throw wrongSize(node, size);
  const got = hasher.digest();
  if (got !== node.digest) throw new DigestError(node.digest, got);
}
