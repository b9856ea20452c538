/**
 * What a script's Worker and the main thread tell each other.
 *
 * The Worker runs scripts and blocks while the main thread answers a call, so an
 * answer cannot be a message: it is written to shared memory, and the Worker is
 * woken. A stop reaches the Worker the same way, whatever it does.
 *
 * @module
 */
import type { Limits } from "./engine/limits.ts";
import type { Interface, Outcome } from "./engine/script.ts";

/** The places in the shared control block. */
export const CONTROL = {
  /** {@linkcode STATE}; the Worker waits here. */
  state: 0,
  /** {@linkcode STOP}. */
  stop: 1,
  /** The length of the answer, in bytes. */
  length: 2,
} as const;

/** The size of the control block, in bytes. */
export const CONTROL_SIZE = 16;

/** What the Worker waits for. */
export const STATE = { waiting: 0, answered: 1, stopped: 2 } as const;

/** Why a script has to end. */
export const STOP = { no: 0, deadline: 1, canceled: 2 } as const;

/** The error of a script that was stopped, by its reason. */
export const STOP_MESSAGES: readonly (string | undefined)[] = [
  undefined,
  "Context error: context deadline exceeded",
  "Context error: context canceled",
];

/** The largest answer, in bytes. */
export const MAX_ANSWER = 64 << 20;
/** The first size of the shared memory for answers, in bytes. */
export const FIRST_ANSWER = 64 << 10;

/** Memory that both sides see. */
export interface Shared {
  /** The control block. */
  readonly control: SharedArrayBuffer;
  /** The answers. */
  readonly answers: SharedArrayBuffer;
}

/** What the main thread tells the Worker. */
export type Order =
  /** Make an interpreter ready. */
  | {
    readonly type: "prepare";
    readonly module: WebAssembly.Module;
    readonly limits: Limits;
    readonly interface: Interface;
    readonly shared: Shared;
  }
  /** Run a script in it. */
  | {
    readonly type: "run";
    readonly source: Uint8Array;
    readonly chunk: string;
    /** Names and encoded values. */
    readonly globals: readonly (readonly [string, Uint8Array])[];
  }
  /** Tell whether a text parses. */
  | {
    readonly type: "check";
    readonly source: Uint8Array;
    readonly chunk: string;
  }
  /** Go away. */
  | { readonly type: "close" };

/** What the Worker tells the main thread. */
export type Report =
  /** The script calls function `n`, or prints where `n` is {@linkcode PRINT}; waits for the answer. */
  | {
    readonly type: "call";
    readonly n: number;
    readonly args: Uint8Array;
    /** Objects that the script let go of. */
    readonly released: readonly number[];
  }
  /** The script has ended. */
  | {
    readonly type: "done";
    readonly outcome: Outcome;
    readonly printed: Uint8Array;
  }
  /** The text parses, or why not. */
  | { readonly type: "checked"; readonly message: string | undefined };

/** The number of the function that prints. */
export const PRINT = -1;
