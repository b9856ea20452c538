/**
 * Bytes that grow as they are written.
 *
 * @module
 */

/** Collects bytes up to a limit. */
export class ByteBuilder {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(256);
  #length = 0;
  readonly #limit: number;
  readonly #full: () => never;

  /**
   * Makes an empty one.
   *
   * @param limit The most bytes that it takes.
   * @param full Called for more; throws.
   */
  constructor(limit: number, full: () => never) {
    this.#limit = limit;
    this.#full = full;
  }

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /** Appends a byte. */
  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** Appends bytes. */
  append(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Appends a text of ASCII characters. */
  ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
  }

  /** What was written, valid until the next byte is. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Starts anew. */
  clear(): void {
    this.#length = 0;
  }

  #room(more: number): void {
    const size = this.#length + more;
    if (size > this.#limit) this.#full();
    if (size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(size, this.#bytes.length * 2));
    grown.set(this.bytes);
    this.#bytes = grown;
  }
}
