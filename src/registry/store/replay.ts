/**
 * Bytes that are read once and can be sent again from a little earlier.
 *
 * When the connection to a target breaks, some bytes have been read from the
 * source that the target never got. With these at hand the source's connection
 * stays as it is, and none of its bytes moves twice.
 *
 * @module
 */

/** Options for {@linkcode Replay}. */
export interface ReplayOptions {
  /** How many bytes are kept: more than the buffers of a connection hold. @default {8_388_608} */
  readonly window?: number | undefined;
}

interface Kept {
  readonly start: number;
  readonly chunk: Uint8Array;
}

/** One source's bytes, opened as often as an upload needs them. */
export class Replay implements AsyncDisposable {
  readonly #open: (offset: number) => Promise<ReadableStream<Uint8Array>>;
  readonly #window: number;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #kept: Kept[] = [];
  #end = 0;
  #isDone = false;
  #pending: Promise<void> | undefined;

  /**
   * Makes it; nothing is opened yet.
   *
   * @param open Opens the bytes from an offset.
   */
  constructor(
    open: (offset: number) => Promise<ReadableStream<Uint8Array>>,
    options: ReplayOptions = {},
  ) {
    const { window = 8 * 1024 * 1024 } = options;
    this.#open = open;
    this.#window = window;
  }

  /**
   * The bytes from an offset on. Only the stream that was opened last may be
   * read; cancelling it leaves the source open.
   */
  async open(offset: number): Promise<ReadableStream<Uint8Array>> {
    // What an earlier stream was waiting for is kept, not lost.
    await this.#pending?.catch(() => {});
    if (this.#reader === undefined || !this.#covers(offset)) {
      await this.#restart(offset);
    }
    let at = offset;
    return new ReadableStream({
      pull: async (controller) => {
        const chunk = await this.#from(at);
        if (chunk === undefined) return controller.close();
        at += chunk.length;
        controller.enqueue(chunk);
      },
    }, { highWaterMark: 0 });
  }

  /** Closes the source. */
  async [Symbol.asyncDispose](): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#kept = [];
    await reader?.cancel().catch(() => {});
  }

  #covers(offset: number): boolean {
    return offset <= this.#end && offset >= (this.#kept[0]?.start ?? this.#end);
  }

  async #restart(offset: number): Promise<void> {
    await this[Symbol.asyncDispose]();
    this.#end = offset;
    this.#isDone = false;
    this.#reader = (await this.#open(offset)).getReader();
  }

  async #from(at: number): Promise<Uint8Array | undefined> {
    while (at >= this.#end && !this.#isDone) {
      this.#pending ??= this.#read().finally(() => this.#pending = undefined);
      await this.#pending;
    }
    const kept = this.#kept.find(({ start, chunk }) =>
      at < start + chunk.length
    );
    return kept?.chunk.subarray(at - kept.start);
  }

  async #read(): Promise<void> {
    const { value, done } = await this.#reader?.read() ??
      { value: undefined, done: true };
    if (done || value === undefined) {
      this.#isDone = true;
      return;
    }
    this.#kept.push({ start: this.#end, chunk: value });
    this.#end += value.length;
    while ((this.#kept[1]?.start ?? Infinity) <= this.#end - this.#window) {
      this.#kept.shift();
    }
  }
}
