/**
 * A tar archive as files that can be read in any order.
 *
 * @module
 */
import { join } from "node:path";
import { messageOf, RegError } from "../../../base/errors.ts";
import type { CallOptions } from "../../core.ts";
import { decompress, type DecompressOptions } from "../../layers/decompress.ts";
import { BLOCK, TYPE } from "../../tar/header.ts";
import { readTar, type TarInput } from "../../tar/reader.ts";
import {
  type FileRange,
  fileStream,
  FileWriter,
} from "../layout/file_stream.ts";

/** Options for {@linkcode TarArchive.open}. */
export interface TarArchiveOptions extends CallOptions, DecompressOptions {
  /** Where a packed archive is unpacked to. @default {the system's} */
  readonly temporary?: string | undefined;
}

/** A file of the archive, or the name of another one. */
type Place =
  | { readonly offset: number; readonly size: number }
  | { readonly link: string };

/** How many links may lead to a file. */
const LINKS = 16;

/** An archive on disk with a table of its files. */
export class TarArchive implements AsyncDisposable {
  /** A directory of the archive's own, for files that are made from it. */
  readonly directory: string;
  readonly #path: string;
  readonly #places: ReadonlyMap<string, Place>;

  private constructor(
    directory: string,
    path: string,
    places: ReadonlyMap<string, Place>,
  ) {
    this.directory = directory;
    this.#path = path;
    this.#places = places;
  }

  /**
   * Opens an archive, packed in any way that we can unpack. What cannot be read
   * in any order (a packed file, a stream) is first unpacked to a temporary file.
   *
   * @param input The path of a file, or a stream.
   * @throws {RegError} `not_found`, `invalid`, `limit`.
   */
  static async open(
    input: string | ReadableStream<Uint8Array>,
    options: TarArchiveOptions = {},
  ): Promise<TarArchive> {
    const { temporary } = options;
    const directory = await Deno.makeTempDir({
      prefix: "regkit-",
      ...(temporary === undefined ? {} : { dir: temporary }),
    });
    try {
      const path = await plainFile(input, directory, options);
      const places = await scan(path, options);
      return new TarArchive(directory, path, places);
    } catch (error) {
      await Deno.remove(directory, { recursive: true });
      throw error;
    }
  }

  /** The size of a file; `undefined` where there is none. */
  size(name: string): number | undefined {
    return this.#find(name)?.size;
  }

  /** Streams a file or a part of it; `undefined` where there is none. */
  async open(
    name: string,
    range: FileRange = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined> {
    const place = this.#find(name);
    if (place === undefined) return undefined;
    const { start = 0, end = place.size } = range;
    const { offset, size } = place;
    return await fileStream(await Deno.open(this.#path), {
      start: offset + Math.min(start, size),
      end: offset + Math.min(end, size),
    });
  }

  /** Removes the temporary files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.directory, { recursive: true });
  }

  #find(name: string) {
    let place = this.#places.get(name);
    for (let left = LINKS; place && "link" in place && left > 0; left--) {
      place = this.#places.get(place.link);
    }
    return place && "offset" in place ? place : undefined;
  }
}

/** Gives the path of the archive as a plain tar file. */
async function plainFile(
  input: string | ReadableStream<Uint8Array>,
  directory: string,
  options: TarArchiveOptions,
): Promise<string> {
  const { signal } = options;
  const isPath = typeof input === "string";
  const stream = isPath ? await fileStream(await open(input)) : input;
  const { compression, stream: plain } = await decompress(stream, options);
  if (isPath && compression === "none" && (await Deno.stat(input)).isFile) {
    await plain.cancel();
    return input;
  }
  const path = join(directory, "archive.tar");
  using file = await Deno.open(path, { write: true, createNew: true });
  const writer = new FileWriter(file, path);
  for await (const chunk of plain) {
    signal?.throwIfAborted();
    await writer.write(chunk);
  }
  await writer.flush();
  return path;
}

async function open(path: string): Promise<Deno.FsFile> {
  try {
    const file = await Deno.open(path);
    if (!(await file.stat()).isDirectory) return file;
    file.close();
    throw new Deno.errors.IsADirectory("it is a directory");
  } catch (error) {
    throw new RegError(
      error instanceof Deno.errors.NotFound ? "not_found" : "file",
      `Cannot open ${JSON.stringify(path)}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Notes where each file is; the last one of a name counts, as when unpacking. */
async function scan(
  path: string,
  options: CallOptions,
): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  const input = await FileInput.open(path);
  for await (const { header, offset } of readTar(input, options)) {
    const name = normalize(header.name);
    if (name === undefined) continue;
    if (header.type === TYPE.file || header.type === TYPE.contiguous) {
      places.set(name, { offset, size: header.size });
      continue;
    }
    const base = header.type === TYPE.symlink ? `${name}/..` : "";
    const isLink = base !== "" || header.type === TYPE.link;
    const link = isLink ? normalize(header.linkname, base) : undefined;
    if (link !== undefined) places.set(name, { link });
  }
  return places;
}

/** The parts of a path joined again; `undefined` where it leads out. */
function normalize(path: string, base = ""): string | undefined {
  if (path.startsWith("/")) return undefined;
  const parts: string[] = [];
  for (const part of `${base}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

/** Reads headers from a file and goes over bodies. */
class FileInput implements TarInput {
  readonly #file: Deno.FsFile;
  readonly #size: number;
  #position = 0;

  private constructor(file: Deno.FsFile, size: number) {
    this.#file = file;
    this.#size = size;
  }

  static async open(path: string): Promise<FileInput> {
    const file = await open(path);
    return new FileInput(file, (await file.stat()).size);
  }

  async read(): Promise<Uint8Array | undefined> {
    const buffer = new Uint8Array(8 * BLOCK);
    const count = await this.#file.read(buffer);
    if (count === null) return undefined;
    this.#position += count;
    return buffer.subarray(0, count);
  }

  async skip(count: number): Promise<boolean> {
    this.#position += count;
    if (this.#position > this.#size) return false;
    await this.#file.seek(this.#position, Deno.SeekMode.Start);
    return true;
  }

  close(): Promise<void> {
    this.#file.close();
    return Promise.resolve();
  }
}
