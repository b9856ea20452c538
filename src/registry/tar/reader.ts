/**
 * Reads tar archives as a stream, with bounds on all that is held in memory.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { CallOptions } from "../core.ts";
import {
  badTar,
  BLOCK,
  isBodyless,
  isZero,
  parseBlock,
  parsePax,
  type TarHeader,
  TYPE,
  withPax,
} from "./header.ts";
import { decodeText } from "./text.ts";

/** An entry of an archive. */
export interface TarEntry {
  /** What it is. */
  readonly header: TarHeader;
  /** Where its body begins in the archive, in bytes. */
  readonly offset: number;
  /**
   * Reads the body, once, before the next entry is asked for; what is not read
   * is skipped.
   */
  body(): AsyncGenerator<Uint8Array, void>;
}

/** Where an archive comes from that is no stream: a file. */
export interface TarInput {
  /** Gives the next bytes; `undefined` at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Goes over bytes without reading them; `false` where there are not so many. */
  skip?(count: number): Promise<boolean>;
  /** Ends the reading. */
  close(): Promise<void>;
}

/** Options for {@linkcode readTar}. */
export interface ReadTarOptions extends CallOptions {
  /** The most entries to accept. @default {1_000_000} */
  readonly maxEntries?: number;
}

/** The most bytes that names and attributes of one entry may take. */
const META_LIMIT = 1024 * 1024;

/**
 * Walks the entries of an archive. Ending the walk early cancels the stream.
 *
 * @throws {RegError} `invalid` for a broken or truncated archive, `limit`,
 * `unsupported` for GNU's sparse files.
 */
export async function* readTar(
  archive: ReadableStream<Uint8Array> | TarInput,
  options: ReadTarOptions = {},
): AsyncGenerator<TarEntry, void> {
  const { signal, maxEntries = 1_000_000 } = options;
  const input = new ByteReader(
    archive instanceof ReadableStream ? streamInput(archive) : archive,
  );
  try {
    for (let count = 0;; count++) {
      signal?.throwIfAborted();
      const header = await readHeader(input);
      if (header === undefined) break;
      if (count >= maxEntries) {
        throw new RegError(
          "limit",
          `Cannot read tar archive: it has more than ${maxEntries} entries`,
        );
      }
      const length = isBodyless(header.type) ? 0 : header.size;
      input.begin(length);
      yield { header, offset: input.position, body: () => input.rest() };
      await input.end(-length & (BLOCK - 1));
    }
    // Writers pad archives: what feeds us must not see a broken pipe.
    await input.drain();
  } finally {
    await input.close();
  }
}

function streamInput(stream: ReadableStream<Uint8Array>): TarInput {
  const reader = stream.getReader();
  return {
    read: async () => (await reader.read()).value,
    close: () => reader.cancel().catch(() => {}),
  };
}

/** Reads a header with the extended ones before it; `undefined` at the end. */
async function readHeader(input: ByteReader): Promise<TarHeader | undefined> {
  let pax: ReadonlyMap<string, string> | undefined;
  let longName: string | undefined;
  let longLink: string | undefined;
  for (;;) {
    const block = await input.exactly(BLOCK);
    if (block === undefined || isZero(block)) {
      if (pax ?? longName ?? longLink) throw badTar("it is truncated");
      return undefined;
    }
    const header = parseBlock(block);
    switch (header.type) {
      case TYPE.pax:
        pax = parsePax(await meta(input, header));
        continue;
      case TYPE.gnuName:
        longName = untilNul(await meta(input, header));
        continue;
      case TYPE.gnuLink:
        longLink = untilNul(await meta(input, header));
        continue;
      case TYPE.paxGlobal:
        return {
          ...header,
          pax: parsePax(await meta(input, header)),
          size: 0,
          format: "pax",
        };
      case TYPE.gnuSparse:
        throw new RegError(
          "unsupported",
          `Cannot read tar archive: ${
            JSON.stringify(header.name)
          } is a GNU sparse file`,
        );
    }
    const isLong = longName !== undefined || longLink !== undefined;
    const named: TarHeader = {
      ...header,
      format: isLong && header.format !== "gnu" ? "" : header.format,
      name: longName ?? header.name,
      linkname: longLink ?? header.linkname,
    };
    const whole = pax === undefined ? named : withPax(named, pax);
    // Before the directory type, a slash at the end marked one.
    const isDirectory = block[156] === 0 && whole.name.endsWith("/");
    if (whole.size < 0) throw badTar("an entry has a negative size");
    return isDirectory ? { ...whole, type: TYPE.directory } : whole;
  }
}

async function meta(input: ByteReader, header: TarHeader): Promise<Uint8Array> {
  if (header.size > META_LIMIT) {
    throw new RegError(
      "limit",
      `Cannot read tar archive: a header of ${header.size} bytes is too large`,
    );
  }
  const bytes = await input.exactly(header.size);
  await input.exactly(-header.size & (BLOCK - 1));
  if (bytes === undefined) throw badTar("it is truncated");
  return bytes;
}

function untilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Takes bytes from an input in pieces of given sizes. */
class ByteReader {
  readonly #input: TarInput;
  #chunk: Uint8Array = new Uint8Array();
  /** What is left of the body under way. */
  #left = 0;
  /** How many bytes were taken. */
  position = 0;

  constructor(input: TarInput) {
    this.#input = input;
  }

  /** Gives that many bytes; `undefined` where the input has ended before. */
  async exactly(count: number): Promise<Uint8Array | undefined> {
    if (this.#chunk.length >= count) return this.#take(count);
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count;) {
      if (this.#chunk.length === 0 && !await this.#fill()) {
        if (at === 0) return undefined;
        throw badTar("it is truncated");
      }
      const part = this.#take(Math.min(count - at, this.#chunk.length));
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** Begins a body. */
  begin(length: number): void {
    this.#left = length;
  }

  /** Gives what is left of the body. */
  async *rest(): AsyncGenerator<Uint8Array, void> {
    while (this.#left > 0) {
      if (this.#chunk.length === 0 && !await this.#fill()) {
        throw badTar("it is truncated");
      }
      const part = this.#take(Math.min(this.#left, this.#chunk.length));
      this.#left -= part.length;
      yield part;
    }
  }

  /** Skips what is left of the body, and its padding. */
  async end(padding: number): Promise<void> {
    const held = this.#take(Math.min(this.#left, this.#chunk.length)).length;
    this.#left -= held;
    if (this.#left > 0 && this.#input.skip) {
      if (!await this.#input.skip(this.#left)) throw badTar("it is truncated");
      this.position += this.#left;
      this.#left = 0;
    }
    for await (const _ of this.rest());
    if (padding > 0 && await this.exactly(padding) === undefined) {
      throw badTar("it is truncated");
    }
  }

  /** Reads to the end. */
  async drain(): Promise<void> {
    while (await this.#fill());
  }

  /** Ends the reading. */
  async close(): Promise<void> {
    await this.#input.close();
  }

  #take(count: number): Uint8Array {
    const part = this.#chunk.subarray(0, count);
    this.#chunk = this.#chunk.subarray(count);
    this.position += count;
    return part;
  }

  async #fill(): Promise<boolean> {
    const chunk = await this.#input.read();
    if (chunk !== undefined) this.#chunk = chunk;
    return chunk !== undefined;
  }
}
