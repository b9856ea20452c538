/**
 * Uploads: one request where that works, and after a break what is missing.
 *
 * See {@link https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs}.
 *
 * @module
 */
import { isRegError, messageOf, RegError } from "../../base/errors.ts";
import { piecesOf } from "../../base/pieces.ts";
import { sleep } from "../../base/sleep.ts";
import type { CallOptions, Descriptor, RequestBody } from "../core.ts";
import { HttpError } from "../http/response_error.ts";
import { discard } from "../http/responses.ts";
import { isTransient, waitAfter } from "../http/retry.ts";
import {
  ask,
  type RegistryContext,
  type RepositoryRequest,
} from "./registry_context.ts";
import { quirksOf } from "./registry_quirks.ts";
import {
  askStatus,
  cancelUpload,
  cannotPush,
  nextLocation,
  nextOffset,
  startUpload,
} from "./registry_upload_session.ts";

/** The bytes of one attempt, and what holds for that attempt alone. */
export interface Attempt {
  /** The bytes from the offset to the end. */
  readonly body: RequestBody;
  /** Ends the attempt; the upload itself goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** Where the bytes of an upload come from. */
export interface UploadSource {
  /**
   * Makes an attempt to send the bytes; called again after each break.
   *
   * @param offset The first byte that the registry lacks.
   * @param send Sends the request.
   */
  attempt(
    offset: number,
    send: (attempt: Attempt) => Promise<void>,
  ): Promise<void>;
  /** Opens the bytes in JavaScript, for chunks. */
  open(offset: number): Promise<ReadableStream<Uint8Array>>;
  /** Told where the upload stands before each attempt. */
  readonly onOffset?: ((offset: number) => void) | undefined;
}

/** Options for {@linkcode upload}. */
export interface UploadOptions extends CallOptions {
  /** Where the bytes come from. */
  readonly source: UploadSource;
  /** An upload that a refused mount has begun. */
  readonly location?: string | undefined;
  /** The slots of all requests are held already. */
  readonly held?: boolean | undefined;
}

/** The default size of a chunk, in bytes: upstream's. */
const CHUNK = 1024 * 1024;
const BINARY = { "content-type": "application/octet-stream" } as const;

/**
 * Sends a blob: in one request where the host's `blobMax` allows it, else in
 * chunks. After a break the registry is asked how much it has, and the rest is
 * sent; where it has forgotten the upload, a new one begins.
 *
 * @throws {RegError} What the registry answered at last; nothing is stored then.
 */
export async function upload(
  context: RegistryContext,
  node: Descriptor,
  options: UploadOptions,
): Promise<void> {
  await new Upload(context, node, options).run();
}

class Upload {
  readonly #context: RegistryContext;
  readonly #node: Descriptor;
  readonly #options: UploadOptions;
  readonly #action: string;
  #location: string | undefined;
  #offset = 0;
  #inChunks: boolean;
  /** Failures in a row without a byte gained. */
  #failures = 0;
  /** The registry put the bytes of several requests together. */
  #isPieced = false;
  /** Its word on how much it has can be believed so far. */
  #resumable: boolean;

  constructor(
    context: RegistryContext,
    node: Descriptor,
    options: UploadOptions,
  ) {
    this.#context = context;
    this.#node = node;
    this.#options = options;
    this.#action = cannotPush(context, node);
    this.#location = options.location;
    this.#resumable = quirksOf(context.host).chunks;
    const { blobMax = -1 } = context.host;
    // Where chunks get lost, a set limit cannot be kept: a whole blob can.
    this.#inChunks = blobMax > 0 && node.size > blobMax &&
      quirksOf(context.host).chunks;
  }

  async run(): Promise<void> {
    for (;;) {
      try {
        this.#location ??= await startUpload(
          this.#context,
          this.#node,
          this.#options,
        );
        this.#options.source.onOffset?.(this.#offset);
        if (this.#inChunks) await this.#sendChunks();
        await this.#sendRest();
        return;
      } catch (error) {
        if (await this.#isDone(error)) return;
      }
    }
  }

  /** Sends all that is missing with the request that ends the upload. */
  async #sendRest(): Promise<void> {
    const { size, digest } = this.#node;
    const offset = this.#offset;
    const url = new URL(this.#location ?? "");
    url.searchParams.set("digest", digest);
    const request = { method: "PUT", path: url.href } as const;
    if (offset === size && size > 0) {
      await this.#send({ ...request, body: new Uint8Array() });
      return;
    }
    const headers = {
      ...BINARY,
      ...(offset > 0 ? { "content-range": `${offset}-${size - 1}` } : {}),
    };
    await this.#options.source.attempt(offset, async (attempt) => {
      await this.#send({ ...request, headers, ...attempt });
    });
  }

  async #send(
    request: Omit<RepositoryRequest, "kind" | "harmless">,
  ): Promise<Response> {
    const { signal = this.#options.signal } = request;
    // Tried again here and not below, where nobody would ask what is there.
    const response = await ask(this.#context, this.#action, {
      ...request,
      kind: "upload",
      harmless: true,
      held: this.#options.held,
      signal,
    });
    await discard(response);
    return response;
  }

  async #sendChunks(): Promise<void> {
    const { source } = this.#options;
    while (this.#offset < this.#node.size) {
      const stream = await source.open(this.#offset);
      for await (const chunk of piecesOf(stream, this.#chunkSize)) {
        const end = this.#offset + chunk.length;
        await this.#sendChunk(chunk);
        // The registry took less than that: the rest is read again.
        if (this.#offset !== end) break;
      }
    }
  }

  get #chunkSize(): number {
    const { host, facts, blobLimit } = this.#context;
    const wanted = Math.max(
      host.blobChunk && host.blobChunk > 0 ? host.blobChunk : CHUNK,
      facts.chunkMinimum(host.name),
    );
    return Math.min(wanted, blobLimit);
  }

  async #sendChunk(chunk: Uint8Array): Promise<void> {
    const first = this.#offset;
    const end = first + chunk.length;
    const response = await this.#send({
      method: "PATCH",
      path: this.#location ?? "",
      headers: { ...BINARY, "content-range": `${first}-${end - 1}` },
      body: chunk,
    });
    const offset = nextOffset(response) ?? end;
    if (offset < first || offset > end) {
      throw new RegError(
        "invalid",
        `${this.#action}: registry reports ${offset} bytes of ${end} sent`,
      );
    }
    this.#location = nextLocation(response) ?? this.#location;
    this.#offset = offset;
    this.#failures = offset > first ? 0 : this.#failures + 1;
    if (this.#failures > this.#context.retries) {
      throw new RegError("invalid", `${this.#action}: registry takes no bytes`);
    }
  }

  /** After a failure: prepares the next attempt, or throws; true when the blob is there. */
  async #isDone(error: unknown): Promise<boolean> {
    const { signal } = this.#options;
    const location = this.#location;
    // Starting an upload is tried again by the transport.
    if (location === undefined) throw error;
    const way = signal?.aborted ? "give up" : this.#wayOn(error);
    if (way === "give up" || this.#failures++ >= this.#context.retries) {
      await cancelUpload(this.#context, location, this.#options);
      throw error;
    }
    this.#context.log.debug("Upload broke off", {
      name: this.#context.name,
      digest: this.#node.digest,
      offset: this.#offset,
      next: way,
      err: messageOf(error),
    });
    if (way === "ask") {
      const ms = waitAfter(error, this.#failures, this.#context.firstWaitMs);
      await sleep(ms, { signal });
      if (await this.#resume(error, location)) return false;
      // What broke may have been the answer to the last byte.
      if (await this.#exists()) return true;
    } else if (way === "chunks") {
      await cancelUpload(this.#context, location, this.#options);
      this.#inChunks = true;
    }
    this.#location = undefined;
    this.#offset = 0;
    return false;
  }

  #wayOn(error: unknown): "ask" | "anew" | "chunks" | "give up" {
    if (isTransient(error)) return "ask";
    if (!(error instanceof HttpError)) {
      return isRegError(error, "timeout") ? "ask" : "give up";
    }
    const codes = error.fields.entries.map(({ code }) => code);
    if (error.status === 401 || error.status === 403) return "give up";
    if (codes.includes("DIGEST_INVALID")) {
      // Sent in one piece, the bytes themselves are wrong.
      if (!this.#isPieced) return "give up";
      this.#resumable = false;
      return "anew";
    }
    if (error.status === 416 || nextOffset(error) !== undefined) return "ask";
    if (error.status === 404 || codes.includes("BLOB_UPLOAD_UNKNOWN")) {
      return "anew";
    }
    // Also what a cut body is called by a registry behind a proxy.
    if (codes.includes("BLOB_UPLOAD_INVALID")) {
      return this.#failures === 0 ? "ask" : "anew";
    }
    return !this.#inChunks && quirksOf(this.#context.host).chunks
      ? "chunks"
      : "give up";
  }

  /** Asks how much of the upload is there; false where it cannot go on. */
  async #resume(error: unknown, location: string): Promise<boolean> {
    if (!this.#resumable) return false;
    const answer = error instanceof HttpError && nextOffset(error) !== undefined
      ? error
      : await this.#status(location);
    const offset = answer && nextOffset(answer);
    if (answer === undefined || offset === undefined) return false;
    if (offset > this.#node.size) return false;
    if (offset > this.#offset) this.#failures = 0;
    this.#offset = offset;
    this.#location = nextLocation(answer) ?? location;
    if (offset > 0) this.#isPieced = true;
    return true;
  }

  async #status(location: string): Promise<Response | undefined> {
    const { held, signal } = this.#options;
    try {
      return await askStatus(this.#context, location, {
        action: this.#action,
        held,
        signal,
      });
    } catch (error) {
      // Any answer but the status means that the registry has forgotten it.
      if (error instanceof HttpError && !isTransient(error)) return undefined;
      throw error;
    }
  }

  async #exists(): Promise<boolean> {
    try {
      await discard(
        await ask(this.#context, this.#action, {
          kind: "blob",
          method: "HEAD",
          path: `blobs/${this.#node.digest}`,
          held: this.#options.held,
          signal: this.#options.signal,
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof HttpError && !isTransient(error)) return false;
      throw error;
    }
  }
}
