/**
 * An archive as a repository to read: an OCI layout, or what `docker save` wrote.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { collect, fromBytes } from "../../base/streams.ts";
import { algorithmOf, hexOf, parseDigest } from "../digest.ts";
import { type FileRange, fileStream } from "./layout/file_stream.ts";
import {
  EMPTY_INDEX,
  INDEX_LIMIT,
  type LayoutIndex,
  makeRow,
  parseIndex,
  withRow,
} from "./layout/rows.ts";
import { type LayoutReader, LayoutSource } from "./layout/source.ts";
import { checkVersion, LAYOUT_FILE } from "./layout/version.ts";
import { TarArchive, type TarArchiveOptions } from "./tar/archive.ts";
import {
  type BlobPlace,
  dockerEntries,
  dockerImage,
} from "./tar/docker_save.ts";

/** Options for {@linkcode openTar}. */
export interface OpenTarOptions extends TarArchiveOptions {
  /** How messages name the archive. @default {its path, or "stdin"} */
  readonly name?: string | undefined;
  /** Of what `docker save` wrote, makes only the image of this name. */
  readonly only?: ((names: readonly string[]) => boolean) | undefined;
}

/**
 * Opens an archive, packed in any way that we can unpack.
 *
 * @param input The path of a file, or a stream.
 * @throws {RegError} `not_found`, `invalid`, `limit`.
 */
export async function openTar(
  input: string | ReadableStream<Uint8Array>,
  options: OpenTarOptions = {},
): Promise<TarStore> {
  const { name = typeof input === "string" ? input : "stdin" } = options;
  const archive = await TarArchive.open(input, options);
  try {
    if (archive.size(LAYOUT_FILE) !== undefined) {
      return new TarStore(name, archive, new LayoutFiles(name, archive));
    }
    const files = await DockerFiles.open(archive, options);
    return new TarStore(name, archive, files);
  } catch (error) {
    await archive[Symbol.asyncDispose]();
    throw error;
  }
}

/** An archive's images. Made by {@linkcode openTar}; dispose it when done. */
export class TarStore extends LayoutSource implements AsyncDisposable {
  readonly #archive: TarArchive;

  /** Use {@linkcode openTar}. */
  constructor(name: string, archive: TarArchive, reader: LayoutReader) {
    super(name, reader);
    this.#archive = archive;
  }

  /** Removes the temporary files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#archive[Symbol.asyncDispose]();
  }
}

/** A layout in an archive. */
class LayoutFiles implements LayoutReader {
  readonly #name: string;
  readonly #archive: TarArchive;

  constructor(name: string, archive: TarArchive) {
    this.#name = name;
    this.#archive = archive;
  }

  async index() {
    const version = await this.#read(LAYOUT_FILE, 4096);
    if (version === undefined) return undefined;
    checkVersion(version, this.#name);
    const path = "index.json";
    const bytes = await this.#read(path, INDEX_LIMIT);
    if (bytes) return { index: parseIndex(bytes, path), bytes };
    throw new RegError(
      "not_found",
      `Cannot read ${this.#name}: unable to read all files from tar: not found: "${path}"`,
    );
  }

  blobSize(digest: string) {
    return Promise.resolve(this.#archive.size(pathOf(digest)));
  }

  readBlob(digest: string, limit: number) {
    return this.#read(pathOf(digest), limit);
  }

  async openBlob(digest: string, range?: FileRange) {
    const stream = await this.#archive.open(pathOf(digest), range);
    if (stream) return stream;
    throw notFound(digest);
  }

  async #read(path: string, limit: number): Promise<Uint8Array | undefined> {
    const stream = await this.#archive.open(path);
    return stream && await collect(stream, limit);
  }
}

/** What `docker save` wrote. */
class DockerFiles implements LayoutReader {
  readonly #archive: TarArchive;
  #index: LayoutIndex = EMPTY_INDEX;
  readonly #blobs = new Map<string, BlobPlace>();

  private constructor(archive: TarArchive) {
    this.#archive = archive;
  }

  static async open(
    archive: TarArchive,
    options: OpenTarOptions,
  ): Promise<DockerFiles> {
    const { only = () => true } = options;
    const entries = await dockerEntries(archive);
    if (entries === undefined) {
      throw new RegError(
        "invalid",
        'Cannot read archive: neither "oci-layout" nor "manifest.json" is in it',
      );
    }
    const files = new DockerFiles(archive);
    for (const entry of entries.filter(({ names }) => only(names))) {
      await files.#add(await dockerImage(archive, entry, options));
    }
    return files;
  }

  #add(image: Awaited<ReturnType<typeof dockerImage>>): void {
    const names = image.names.length > 0 ? image.names : [""];
    for (const name of names) {
      const row = makeRow(image.root, name, new Date(0));
      this.#index = withRow(this.#index, row);
    }
    for (const [digest, place] of image.blobs) this.#blobs.set(digest, place);
  }

  index() {
    return Promise.resolve({ index: this.#index, bytes: new Uint8Array() });
  }

  async blobSize(digest: string) {
    const place = this.#blobs.get(digest);
    if (place === undefined) return undefined;
    if ("bytes" in place) return place.bytes.length;
    return "entry" in place
      ? this.#archive.size(place.entry)
      : (await Deno.stat(place.file)).size;
  }

  async readBlob(digest: string, limit: number) {
    if (!this.#blobs.has(digest)) return undefined;
    return await collect(await this.openBlob(digest), limit);
  }

  async openBlob(
    digest: string,
    range: FileRange = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const place = this.#blobs.get(digest);
    if (place === undefined) throw notFound(digest);
    if ("file" in place) {
      return await fileStream(await Deno.open(place.file), range);
    }
    if ("bytes" in place) {
      const { start, end } = range;
      return fromBytes(place.bytes.slice(start, end));
    }
    const stream = await this.#archive.open(place.entry, range);
    if (stream) return stream;
    throw notFound(digest);
  }
}

function pathOf(digest: string): string {
  const checked = parseDigest(digest);
  return `blobs/${algorithmOf(checked)}/${hexOf(checked)}`;
}

function notFound(digest: string): RegError {
  return new RegError("not_found", `Cannot open blob ${digest}: not found`);
}
