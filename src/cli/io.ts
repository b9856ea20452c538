/**
 * What a command sees of the world: handed in, so that tests run the whole
 * command line in one process.
 *
 * @module
 */

import type { Permissions } from "./permissions.ts";

/** A place to write to. */
export interface Output {
  /** Writes all of it, in order. Rejects with {@linkcode BrokenPipe} when nobody reads any more. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Writes all of it at once: for log lines and progress. */
  writeSync(text: string): void;
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /** The width of the terminal in columns; 80 where there is none. */
  columns(): number;
}

/** Options for {@linkcode Input.readLine}. */
export interface ReadLineOptions {
  /** Whether a terminal does not show it as it is typed. @default {false} */
  readonly secret?: boolean;
  /** Asks for it, once nothing is shown any more that must not be. */
  readonly prompt?: () => Promise<void>;
}

/** A place to read from. */
export interface Input {
  /** The bytes; opened once. */
  stream(): ReadableStream<Uint8Array>;
  /** Reads a line; `undefined` at the end. */
  readLine(options?: ReadLineOptions): Promise<string | undefined>;
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
}

/** What a command sees of the world. */
export interface Io {
  /** Where data comes from. */
  readonly stdin: Input;
  /** Where results go. */
  readonly stdout: Output;
  /** Where all else goes. */
  readonly stderr: Output;
  /** Reads a variable of the environment; `undefined` where it is not set. */
  readonly env: (name: string) => string | undefined;
  /** Aborts when the user interrupts; the reason is a {@linkcode Interrupted}. */
  readonly signal: AbortSignal;
  /** The permissions of the process; none that could be given up where left out. */
  readonly permissions?: Permissions | undefined;
  /** Calls back whenever a server is asked to read its settings again, until disposed. */
  readonly onHangup?: ((listener: () => void) => Disposable) | undefined;
}

/** The reader of the standard output is gone, which is no failure. */
export class BrokenPipe extends Error {
  /** The name that stack traces print. */
  override readonly name: string = "BrokenPipe";
}

/** The user, or the system, asked the program to stop. */
export class Interrupted extends Error {
  /** Tells {@linkcode isAbort} what it is. */
  override readonly name: string = "AbortError";
  /** What asked. */
  readonly signal: "SIGINT" | "SIGTERM";

  /**
   * Makes the reason of an abort.
   *
   * @param signal What asked.
   */
  constructor(signal: "SIGINT" | "SIGTERM") {
    super(`Interrupted by ${signal}`);
    this.signal = signal;
  }
}
