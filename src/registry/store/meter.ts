/**
 * The progress of an upload, as others are told of it.
 *
 * @module
 */
import { counted } from "../../base/streams.ts";

/** Keeps what is told about progress in step with where the upload stands. */
export class Meter {
  readonly #onBytes: ((bytes: number) => void) | undefined;
  #told = 0;

  /** @param onBytes Told of bytes that went; negative where they count no more. */
  constructor(onBytes: ((bytes: number) => void) | undefined) {
    this.#onBytes = onBytes;
  }

  /** Passes bytes on and counts them. */
  through(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    return counted(stream, (bytes) => this.#tell(bytes));
  }

  /** An upload that starts anew takes back what was told of it. */
  stand(offset: number): void {
    if (offset !== this.#told) this.#tell(offset - this.#told);
  }

  #tell(bytes: number): void {
    this.#told += bytes;
    this.#onBytes?.(bytes);
  }
}
