/**
 * What a template may use up.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";

const CHECK_EVERY = 1024; // steps between two looks at the clock
const SIZE_OF_STEP = 256; // bytes that take about as long as a step

/** Counts what a running template uses, and stops it. */
export interface Budget {
  /** Counts a step of work, and the bytes or elements that it goes through. */
  step(size?: number): void;
  /** Refuses a piece of text that is too long to hold. */
  hold(bytes: number): void;
}

/** Lets everything pass. */
export const UNLIMITED: Budget = { step() {}, hold() {} };

/** The limits of a run. */
export interface Limits {
  /** How much it may write, and how long a string may become. @default {64 MiB} */
  readonly maxBytes?: number | undefined;
  /** How long it may run. @default {10000} */
  readonly timeoutMs?: number | undefined;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
}

/** The default of {@linkcode Limits.maxBytes}. */
export const MAX_BYTES: number = 64 * 1024 * 1024;
/** The default of {@linkcode Limits.timeoutMs}. */
export const TIMEOUT_MS = 10_000;

/** A budget with limits on text and time. */
export class LimitedBudget implements Budget {
  /** How much may be written, and how long a string may become. */
  readonly maxBytes: number;
  readonly #timeoutMs: number;
  readonly #deadline: number;
  readonly #signal: AbortSignal | undefined;
  #left = CHECK_EVERY;

  /** Starts the clock. */
  constructor(limits: Limits = {}) {
    const { maxBytes = MAX_BYTES, timeoutMs = TIMEOUT_MS, signal } = limits;
    this.maxBytes = maxBytes;
    this.#timeoutMs = timeoutMs;
    this.#deadline = performance.now() + timeoutMs;
    this.#signal = signal;
  }

  /**
   * Counts a step of work.
   *
   * @throws {RegError} `timeout`, or the reason of the signal.
   */
  step(size: number = 0): void {
    this.#left -= 1 + size / SIZE_OF_STEP;
    if (this.#left > 0) return;
    this.#left = CHECK_EVERY;
    this.#signal?.throwIfAborted();
    if (performance.now() > this.#deadline) {
      throw new RegError(
        "timeout",
        `Template stopped: it ran for more than ${this.#timeoutMs / 1000} s`,
      );
    }
  }

  /**
   * Refuses a piece of text that is too long to hold.
   *
   * @throws {RegError} `limit`.
   */
  hold(bytes: number): void {
    if (bytes > this.maxBytes) {
      throw new RegError(
        "limit",
        `Template stopped: its output is larger than ${this.maxBytes} bytes`,
      );
    }
  }
}
