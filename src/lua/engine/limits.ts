/**
 * What a script may use, and what ends it.
 *
 * @module
 */
import { type LuaState, MASKCOUNT } from "./exports.ts";
import { Ended } from "./instance.ts";
import type { Stack } from "./stack.ts";

/** The bounds of one script. */
export interface Limits {
  /** Memory of the interpreter, in bytes; at least 16 MiB. */
  readonly memory: number;
  /** Instructions, and steps of patterns. */
  readonly instructions: number;
  /** Bytes printed. */
  readonly output: number;
}

/**
 * What a script gets that names no limits. The instructions are half an hour of
 * a processor and more: one that has no time-out cannot keep others from their
 * turn for ever.
 */
export const DEFAULT_LIMITS: Limits = {
  memory: 64 << 20,
  instructions: 1e11,
  output: 16 << 20,
};

/** Instructions between two looks at the stop flag. */
const SLICE = 100;
/** The same once instructions turned out to be slow, as with huge strings. */
const SLOW_SLICE = 10;
/** A slice that lasts longer, in milliseconds, is slow. */
const SLOW = 20;
/** Between two calls of `idle`, in milliseconds. */
const IDLE = 200;

/** Looks at the stop flag while a script runs. */
export class Watch {
  readonly #limits: Limits;
  readonly #stopped: () => string | undefined;
  readonly #idle: () => void;
  #used = 0;
  #last = 0;
  #idled = -Infinity;

  /**
   * Makes a watch.
   *
   * @param stopped Why the script has to end, or nothing; read without pause.
   * @param idle Called some times a second while the script runs.
   */
  constructor(
    limits: Limits,
    stopped: () => string | undefined,
    idle: () => void,
  ) {
    this.#limits = limits;
    this.#stopped = stopped;
    this.#idle = idle;
  }

  /** Counts the instructions of a thread and of the coroutines it makes. */
  start(stack: Stack, L: LuaState): void {
    const { instance } = stack;
    this.resume();
    instance.c.lua_sethook(L, instance.hook, MASKCOUNT, SLICE);
  }

  /** Leaves out of account the time up to now: a host call took it. */
  resume(): void {
    this.#last = performance.now();
  }

  /** The hook: a slice of instructions has run. */
  hook(stack: Stack, L: LuaState): void {
    const { c, hook } = stack.instance;
    const slice = c.lua_gethookcount(L);
    this.tick(slice, stack, L);
    const now = performance.now();
    if (slice !== SLOW_SLICE && now - this.#last > SLOW) {
      c.lua_sethook(L, hook, MASKCOUNT, SLOW_SLICE);
    }
    this.#last = now;
    if (now - this.#idled < IDLE) return;
    this.#idled = now;
    this.#idle();
  }

  /** Counts work, and ends the script where it has to end. */
  tick(steps: number, stack: Stack, L: LuaState): void {
    const reason = this.#stopped();
    if (reason !== undefined) throw new Ended(stack.where(L) + reason);
    this.#used += steps;
    if (this.#used > this.#limits.instructions) {
      throw new Ended(`${stack.where(L)}instruction limit reached`);
    }
  }
}
