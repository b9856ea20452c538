/**
 * Goes on with a download that broke off.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import { type Log, silent } from "../../base/log.ts";
import { skipped } from "../../base/streams.ts";
import type { Layer, RegistryRequest, Transport } from "../core.ts";
import { during } from "./response_error.ts";
import { withBody } from "./responses.ts";
import { TimedReader } from "./timed_reader.ts";

/** Options for {@linkcode resume}. */
export interface ResumeOptions {
  /** How often in a row a body may break without a byte in between. @default {5} */
  readonly retries?: number | undefined;
  /** How long a body may give nothing, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
  /** Told about each break. */
  readonly log?: Log | undefined;
}

/**
 * Makes bodies of blobs whole: one that breaks, ends early or gives nothing for
 * too long is asked for again from the next byte on. Bytes already given are
 * never given twice. Bodies of `raw` requests are left alone.
 */
export function resume(options: ResumeOptions = {}): Layer {
  return (next) => async (request) => {
    const response = await next(request);
    if (
      request.kind !== "blob" || request.method !== "GET" || request.raw ||
      response.body === null
    ) return response;
    const download = new Download(request, next, options);
    return withBody(response, download.whole(response, response.body));
  };
}

/** The first byte that a request asks for. */
export function firstByte(request: RegistryRequest): number {
  const [, first = "0"] = /^bytes=(\d+)-/.exec(request.headers?.range ?? "") ??
    [];
  return Number(first);
}

class Download {
  readonly #request: RegistryRequest;
  readonly #next: Transport;
  readonly #options: ResumeOptions;
  readonly #first: number;
  #given = 0;
  /** How many bytes the whole answer has; `undefined` where it does not say. */
  #expected: number | undefined;
  #breaks = 0;

  constructor(
    request: RegistryRequest,
    next: Transport,
    options: ResumeOptions,
  ) {
    this.#request = request;
    this.#next = next;
    this.#options = options;
    this.#first = firstByte(request);
  }

  whole(
    response: Response,
    body: ReadableStream<Uint8Array>,
  ): ReadableStream<Uint8Array> {
    const { timeoutMs = 60_000 } = this.#options;
    const length = Number(response.headers.get("content-length") ?? NaN);
    this.#expected = Number.isSafeInteger(length) && length >= 0
      ? length
      : this.#request.size;
    const { signal } = this.#request;
    let part = new TimedReader(body, { timeoutMs, signal });
    let isCancelled = false;
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        for (;;) {
          const result = await this.#read(part).catch((error: unknown) =>
            new Broken(error)
          );
          if (isCancelled) return;
          if (!(result instanceof Broken)) {
            return result ? controller.enqueue(result) : controller.close();
          }
          const rest = await this.#reopen(result.reason).catch((error) => {
            const { action } = this.#request;
            throw action === undefined ? error : during(action, error);
          });
          part = new TimedReader(rest, { timeoutMs, signal });
          if (isCancelled) return await part.cancel(undefined);
        }
      },
      cancel: (reason) => {
        isCancelled = true;
        return part.cancel(reason);
      },
    }, { highWaterMark: 0 });
  }

  /** The next bytes; undefined at the end, which must be the promised one. */
  async #read(part: TimedReader): Promise<Uint8Array | undefined> {
    const { value, done } = await part.read();
    if (!done) {
      this.#given += value.length;
      if (value.length > 0) this.#breaks = 0;
      return value;
    }
    if (this.#given < (this.#expected ?? 0)) throw this.#short();
    return undefined;
  }

  #short(): RegError {
    return new RegError(
      "network",
      `Cannot read body: short read [expected ${this.#expected}, received ${this.#given}]`,
    );
  }

  async #reopen(broken: unknown): Promise<ReadableStream<Uint8Array>> {
    const { retries = 5, log = silent } = this.#options;
    this.#request.signal?.throwIfAborted();
    if (this.#breaks++ >= retries) throw asNetwork(broken);
    const offset = this.#first + this.#given;
    log.debug("Resuming a broken download", {
      host: this.#request.registry,
      offset,
      err: messageOf(broken),
    });
    const response = await this.#next({
      ...this.#request,
      headers: { ...this.#request.headers, range: `bytes=${offset}-` },
    });
    const body = response.body ?? emptyStream();
    if (response.status === 206) {
      const [, first] =
        /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "") ?? [];
      if (Number(first) === offset) return body;
      await body.cancel();
      throw new RegError(
        "invalid",
        `Cannot resume: the registry answered with another range than from byte ${offset}`,
      );
    }
    // No ranges there: the start comes once more and goes nowhere.
    return skipped(body, offset);
  }
}

/** What ended a body before its time. */
class Broken {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

function asNetwork(error: unknown): RegError {
  return error instanceof RegError ? error : new RegError(
    "network",
    `Cannot read body: ${messageOf(error)}`,
    { cause: error },
  );
}

function emptyStream(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() });
}
