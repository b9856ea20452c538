/**
 * Workers for scripts: some are kept ready ahead of need, and no more than a
 * fixed number is alive.
 *
 * @module
 */
import { Semaphore } from "../base/semaphore.ts";
import { DEFAULT_LIMITS, type Limits } from "./engine/limits.ts";
import type { Interface, Outcome } from "./engine/script.ts";
import { luaModule } from "./wasm.ts";
import { type Job, WorkerThread } from "./worker_thread.ts";

/** Options of {@linkcode LuaPool}. */
export interface LuaPoolOptions {
  /** What scripts can call; Workers start while it is still being loaded. */
  readonly interface: Interface | Promise<Interface>;
  /** The bounds of each script. */
  readonly limits?: Partial<Limits>;
  /** Scripts that run at a time; the others wait. A Worker costs 9 to 20 MiB. @default {12} */
  readonly alive?: number;
  /** Workers kept ready while nothing runs. @default {1} */
  readonly warm?: number;
}

/** Runs scripts, each in a fresh interpreter. */
export class LuaPool {
  readonly #gate: Semaphore;
  readonly #warm: number;
  readonly #limits: Limits;
  readonly #interface: Interface | Promise<Interface>;
  #idle: WorkerThread[] = [];
  #closed = false;

  /** Makes a pool, and its first Worker in the background. */
  constructor(options: LuaPoolOptions) {
    const { alive = 12, warm = 1, limits = {} } = options;
    this.#gate = new Semaphore(alive);
    this.#warm = warm;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#interface = options.interface;
    for (let i = 0; i < warm; i++) this.#idle.push(this.#start());
  }

  /**
   * Runs a script to its end. A signal that aborts while the script waits for
   * its turn rejects with the signal's reason.
   */
  async run(job: Job): Promise<Outcome> {
    using _slot = await this.#gate.acquire({ signal: job.signal });
    const thread = this.#idle.pop() ?? this.#start();
    try {
      job.onStart?.();
      return await thread.run(job);
    } finally {
      await this.#keep(thread);
    }
  }

  /** Tells whether a text parses: the message, with its position, if not. */
  async check(source: Uint8Array, chunk: string): Promise<string | undefined> {
    using _slot = await this.#gate.acquire();
    const thread = this.#idle.pop() ?? this.#start();
    const message = await thread.check(source, chunk);
    await this.#keep(thread);
    return message;
  }

  /** Ends the Workers; no script may run. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const idle of this.#idle) await idle.close();
    this.#idle = [];
  }

  async #keep(thread: WorkerThread): Promise<void> {
    if (!thread.usable) return;
    // Those that wait for their turn will want it.
    const wanted = Math.max(this.#warm, this.#gate.waiting);
    if (!this.#closed && this.#idle.length < wanted) {
      this.#idle.push(thread);
    } else await thread.close();
  }

  #start(): WorkerThread {
    return new WorkerThread(luaModule(), {
      interface: this.#interface,
      limits: this.#limits,
    });
  }
}
