/**
 * The bytes of an upload while they arrive.
 *
 * @module
 */

/** Bytes that grow at the end. One writer at a time. */
export interface Spool {
  /** How many bytes there are. */
  readonly size: number;
  /** Appends bytes, which the spool may keep as they are. */
  write(bytes: Uint8Array): Promise<void>;
  /** Hands what was written to the system; called after each request. */
  flush(): Promise<void>;
  /** Drops the bytes from `size` on. */
  truncate(size: number): Promise<void>;
  /** Reads all bytes from the start. */
  read(): Promise<ReadableStream<Uint8Array>>;
  /** Drops all bytes and what holds them. */
  remove(): Promise<void>;
}
