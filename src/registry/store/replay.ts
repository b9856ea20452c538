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
  /**
   * How many bytes are kept.
   *
   * @default {8 MiB, more than the buffers of a connection hold; less where many are in use}
   */
  readonly window?: number | undefined;
}

const MIB = 1024 * 1024;
const WINDOW = 8 * MIB;
/** What all in use keep together: a byte that is lost is only read once more. */
const SHARED = 16 * MIB;
/** How many are in use. */
let inUse = 0;

interface Kept {
  readonly start: number;
  readonly chunk: Uint8Array;
}

/** One source's bytes, opened as often as an upload needs them. */
export class Replay implements AsyncDisposable {
  readonly #open: (offset: number) => Promise<ReadableStream<Uint8Array>>;
  readonly #window: number | undefined;
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
    this.#open = open;
    this.#window = options.window;
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
    if (reader) inUse--;
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
    inUse++;
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
    const window = this.#window ?? Math.min(WINDOW, SHARED / inUse);
    while ((this.#kept[1]?.start ?? Infinity) <= this.#end - window) {
      this.#kept.shift();
    }
  }
}
