/**
 * Reads a body under limits on time: a server that falls silent cannot hold us.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { CallOptions } from "../core.ts";
import { type Deadline, deadline } from "./deadline.ts";

/** Options for {@linkcode TimedReader}. */
export interface TimedReaderOptions extends CallOptions {
  /** How long the body may give nothing, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
  /** How long the whole body may take, in milliseconds. @default {Infinity} */
  readonly totalMs?: number | undefined;
}

/**
 * A body's reader. A read rejects with `timeout` where nothing comes for too long,
 * and with the signal's reason on abort; the body is cancelled then.
 */
export class TimedReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #limit: Deadline;
  readonly #timeoutMs: number;
  readonly #totalMs: number;
  readonly #started: number = performance.now();

  /** Takes the body over; it must be read to its end or cancelled. */
  constructor(
    body: ReadableStream<Uint8Array>,
    options: TimedReaderOptions = {},
  ) {
    const { timeoutMs = 60_000, totalMs = Infinity } = options;
    this.#reader = body.getReader();
    this.#timeoutMs = timeoutMs;
    this.#totalMs = totalMs;
    this.#limit = deadline(timeoutMs, () => this.#late(), options);
    const { signal } = this.#limit;
    // Which ends a read under way; a race at each chunk would cost more.
    const abort = () => void this.cancel(signal.reason).catch(() => {});
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  }

  /** The next bytes. */
  async read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    const left = this.#started + this.#totalMs - performance.now();
    let ended = true;
    try {
      if (left <= 0) {
        const error = this.#late();
        await this.cancel(error);
        throw error;
      }
      this.#limit.renew(Math.min(this.#timeoutMs, left));
      const result = await this.#reader.read();
      this.#limit.signal.throwIfAborted();
      ended = result.done;
      return result;
    } finally {
      // A reader that takes its time is no silence of the server.
      if (ended) this.#limit[Symbol.dispose]();
      else this.#limit.renew(Infinity);
    }
  }

  /** Ends the body before its time. */
  async cancel(reason: unknown): Promise<void> {
    this.#limit[Symbol.dispose]();
    await this.#reader.cancel(reason);
  }

  #late(): RegError {
    const isSlow = performance.now() - this.#started >= this.#totalMs;
    return new RegError(
      "timeout",
      isSlow
        ? `Cannot read body: it took more than ${this.#totalMs / 1000} seconds`
        : `Cannot read body: nothing came for ${
          this.#timeoutMs / 1000
        } seconds`,
    );
  }
}
