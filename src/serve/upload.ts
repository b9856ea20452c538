/**
 * One upload session: a spool, the running hash, and whose turn it is.
 *
 * @module
 */
import type { Digest } from "../registry/core.ts";
import { algorithmOf, createHasher, type Hasher } from "../registry/digest.ts";
import { ApiError } from "./api_error.ts";
import type { ByteRange } from "./ranges.ts";
import { receive } from "./receive.ts";
import type { Spool } from "./spool.ts";

/** Options for {@linkcode Upload.append}. */
export interface AppendOptions {
  /** The largest blob, in bytes. */
  readonly maxBlob: number;
  /** The longest wait for the next bytes, in milliseconds. */
  readonly idleMs: number;
  /** The bytes that the body claims to be; anything where left out. */
  readonly range?: ByteRange | undefined;
}

/** One upload session. */
export class Upload {
  /** Names the session in its URL. */
  readonly id: string;
  /** What was received. */
  readonly spool: Spool;
  /** When it was last used, as `Date.now()` counts. */
  used: number = Date.now();
  readonly #algorithm: string;
  #hasher: Hasher | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #reading: AbortController | undefined;
  #ended = false;
  #sawShortChunk = false;

  /**
   * Makes a session.
   *
   * @param algorithm The hash to compute while bytes arrive, a guess: the client
   * names the digest at the end.
   */
  constructor(id: string, spool: Spool, algorithm: string = "sha256") {
    this.id = id;
    this.spool = spool;
    this.#algorithm = algorithm;
    if (spool.size === 0) this.#hasher = createHasher(algorithm);
  }

  /** Whether it was completed or cancelled. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Runs `work` when the request before it is through. A client whose connection
   * broke comes back before the server notices the break, so a new request ends
   * the reading of the old one's body.
   */
  async exclusively<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#reading?.abort(
      new ApiError("BLOB_UPLOAD_INVALID", "Another request took over", {
        status: 409,
      }),
    );
    const reading = new AbortController();
    this.#reading = reading;
    const turn = this.#turn.catch(() => {}).then(() => {
      if (this.#ended) throw unknownUpload(this.id);
      this.used = Date.now();
      return work(reading.signal);
    });
    this.#turn = turn;
    try {
      return await turn;
    } finally {
      this.used = Date.now();
      if (this.#reading === reading) this.#reading = undefined;
    }
  }

  /**
   * Appends a request's body. What arrives before a broken connection is kept,
   * so that the client can go on from there.
   *
   * @throws {ApiError} 416 where the range does not start at the end, 413.
   */
  async append(
    body: ReadableStream<Uint8Array> | null,
    options: AppendOptions & { readonly signal: AbortSignal },
  ): Promise<void> {
    const { range, maxBlob } = options;
    const start = this.spool.size;
    if (range && range.start !== start) throw outOfOrder(range, start);
    const claimed = range ? range.end - range.start : Infinity;
    const max = Math.min(maxBlob - start, claimed);
    try {
      const size = await receive(body, (chunk) => {
        this.#hasher?.update(chunk);
        return this.spool.write(chunk);
      }, { ...options, max });
      if (range && size !== claimed) throw wrongLength(claimed, size);
    } catch (error) {
      // A chunk that lies about its length is worth nothing; a broken one is.
      if (range && isLie(error)) await this.#back(start);
      throw error;
    } finally {
      await this.spool.flush();
    }
  }

  /**
   * Checks a chunk against the rules of chunked uploads.
   *
   * @param min The smallest chunk but the last: one that follows a smaller one
   * shows that this one was not the last.
   * @throws {ApiError} `SIZE_INVALID`
   */
  checkChunk(range: ByteRange, min: number): void {
    if (range.start !== this.spool.size) return;
    if (this.#sawShortChunk) {
      throw new ApiError("SIZE_INVALID", "A chunk but the last was too small");
    }
    this.#sawShortChunk = range.end - range.start < min;
  }

  /** The digest of what was received, by the algorithm of `wanted`. */
  async digest(wanted: Digest): Promise<Digest> {
    const algorithm = algorithmOf(wanted);
    const running = this.#hasher;
    this.#hasher = undefined;
    if (running && algorithm === this.#algorithm) return running.digest();
    const hasher = createHasher(algorithm);
    for await (const chunk of await this.spool.read()) hasher.update(chunk);
    return hasher.digest();
  }

  /** Marks the session as over: later requests do not find it. */
  end(): void {
    this.#ended = true;
  }

  async #back(size: number): Promise<void> {
    await this.spool.truncate(size);
    this.#hasher = undefined;
  }
}

/** What a request gets for a session that is not, or no longer, there. */
export function unknownUpload(id: string): ApiError {
  return new ApiError("BLOB_UPLOAD_UNKNOWN", "The upload is unknown", {
    detail: { upload: id },
  });
}

function outOfOrder(range: ByteRange, size: number): ApiError {
  return new ApiError(
    "BLOB_UPLOAD_INVALID",
    `The chunk starts at ${range.start}, the upload is at ${size}`,
    { status: 416 },
  );
}

function wrongLength(claimed: number, size: number): ApiError {
  return new ApiError(
    "SIZE_INVALID",
    `The chunk has ${size} bytes, its range ${claimed}`,
  );
}

function isLie(error: unknown): boolean {
  return error instanceof ApiError &&
    error.entries.some((entry) => entry.code === "SIZE_INVALID");
}
