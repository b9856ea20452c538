/**
 * A file out of an image: from the topmost layer that says something of it.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { fromIterator } from "../../base/streams.ts";
import type { CallOptions, Descriptor, Source } from "../core.ts";
import { type TarHeader, TYPE } from "../tar/header.ts";
import { readLayer, type ReadLayerOptions } from "./read_layer.ts";

/** A file of a layer. */
export interface LayerFile {
  /** What it is. */
  readonly header: TarHeader;
  /**
   * What is in it. The stream errors at its end unless the whole layer is what
   * it should be.
   */
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * What a layer says of a path: here it is, it is reached by another path, it was
 * deleted, nothing.
 */
export type LayerAnswer =
  | { readonly file: LayerFile }
  | { readonly moved: string }
  | "deleted"
  | undefined;

/**
 * Looks for a file in a layer.
 *
 * @param path With or without a slash at its start.
 * @throws {RegError} `usage` for the name of a whiteout.
 */
export async function findInLayer(
  layer: ReadableStream<Uint8Array>,
  path: string,
  options: ReadLayerOptions = {},
): Promise<LayerAnswer> {
  const wanted = cleanPath(path);
  const entries = readLayer(layer, options);
  let isDeleted = false;
  let moved: string | undefined;
  for (;;) {
    const { done, value: entry } = await entries.next();
    if (done) break;
    const { header, body } = entry;
    const name = tryClean(header.name);
    if (name === wanted) {
      if (header.type === TYPE.link || header.type === TYPE.symlink) {
        await entries.return();
        return target(header, name);
      }
      return { file: { header, body: toTheEnd(body(), entries) } };
    }
    if (header.type === TYPE.symlink && wanted.startsWith(`${name}/`)) {
      moved ??= target(header, name).moved + wanted.slice(name.length);
    }
    isDeleted ||= isWhiteout(name, wanted);
  }
  if (moved !== undefined) return { moved };
  return isDeleted ? "deleted" : undefined;
}

/** How many links may lead to a file. */
const LINKS = 40;

/**
 * Looks for a file in an image, from the topmost layer down; links are followed.
 *
 * @param layers The lowest first, as a manifest lists them.
 * @throws {RegError} `not_found`
 */
export async function getImageFile(
  source: Source,
  layers: readonly Descriptor[],
  path: string,
  options: ReadLayerOptions = {},
): Promise<LayerFile> {
  let wanted = path;
  for (let left = LINKS; left > 0; left--) {
    const answer = await findInImage(source, layers, wanted, options);
    if ("file" in answer) return answer.file;
    wanted = answer.moved;
  }
  throw new RegError("not_found", `Cannot find "${path}": too many links`);
}

async function findInImage(
  source: Source,
  layers: readonly Descriptor[],
  path: string,
  options: CallOptions,
): Promise<Exclude<LayerAnswer, "deleted" | undefined>> {
  for (let at = layers.length - 1; at >= 0; at--) {
    const layer = layers[at];
    if (layer === undefined) continue;
    const answer = await findInLayer(
      await source.open(layer, options),
      path,
      options,
    );
    if (answer === "deleted") {
      throw new RegError(
        "not_found",
        `failed pulling from layer ${at}: file deleted`,
      );
    }
    if (answer !== undefined) return answer;
  }
  throw new RegError(
    "not_found",
    `Cannot find "${path}" in the image: not found`,
  );
}

/** The path that a link leads to: from where it is, or from the root. */
function target({ type, linkname }: TarHeader, name: string) {
  const isFromRoot = type === TYPE.link || linkname.startsWith("/");
  return { moved: cleanPath(isFromRoot ? linkname : `${name}/../${linkname}`) };
}

/** Reads a body, then the rest of the layer. */
function toTheEnd(
  body: AsyncGenerator<Uint8Array, void>,
  entries: AsyncGenerator<unknown, void>,
): ReadableStream<Uint8Array> {
  const all = async function* () {
    yield* body;
    while (!(await entries.next()).done);
  };
  return fromIterator(all(), () => entries.return());
}

const WHITEOUT = ".wh.";

function cleanPath(path: string): string {
  if (path.startsWith(WHITEOUT)) {
    throw new RegError(
      "usage",
      ".wh. prefix is reserved for whiteout files",
    );
  }
  return tryClean(path);
}

/** The path without a slash at its start and without `.` and `..`. */
function tryClean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** Tells whether an entry deletes a path, by its name or by that of a parent. */
function isWhiteout(name: string, path: string): boolean {
  const slash = name.lastIndexOf("/") + 1;
  const [parent, base] = [name.slice(0, slash), name.slice(slash)];
  if (!base.startsWith(WHITEOUT) || !path.startsWith(parent)) return false;
  // An opaque directory: all that lower layers have in it is gone.
  if (base === ".wh..wh..opq") return true;
  const deleted = parent + base.slice(WHITEOUT.length);
  return path === deleted || path.startsWith(`${deleted}/`);
}
