/**
 * What all copies of one process share: which blobs are where, which work is
 * under way, and how many bodies move at once.
 *
 * @module
 */
import { isAbort } from "../base/errors.ts";
import { Semaphore } from "../base/semaphore.ts";
import { untilAborted } from "../base/until_aborted.ts";
import type { CallOptions, Descriptor, Source } from "./core.ts";

/** Where {@linkcode Source.bodies} is left out: the number a benchmark chose. */
const BODIES = 4;

/**
 * Shared by the copies of one process, so that each blob is asked for and sent
 * once per target however many images share it.
 *
 * Memory grows with the number of distinct blobs and manifests seen; a server
 * makes a new run for each round.
 */
export class Run {
  readonly #work = new Map<string, Promise<void>>();
  readonly #holders = new Map<string, Set<string>>();
  readonly #leaders = new Map<string, Promise<void>>();
  readonly #gates = new Map<string, Semaphore>();

  /**
   * Does the work of a key once. Later callers wait for its end; after a
   * failure, or when the first caller gave up, the next one does it again.
   *
   * @returns Whether this call did the work.
   */
  async once(
    key: string,
    work: () => Promise<void>,
    options: CallOptions = {},
  ): Promise<boolean> {
    const { signal } = options;
    for (;;) {
      signal?.throwIfAborted();
      const running = this.#work.get(key);
      if (!running) break;
      try {
        await untilAborted(running, signal);
        return false;
      } catch (error) {
        signal?.throwIfAborted();
        // Its caller was stopped; we were not.
        if (!isAbort(error)) throw error;
      }
    }
    const started = work().catch((error) => {
      this.#work.delete(key);
      throw error;
    });
    this.#work.set(key, started);
    await started;
    return true;
  }

  /** Remembers that a repository of a host has a blob. */
  keep(host: string, repository: string, node: Descriptor): void {
    const key = `${host} ${node.digest}`;
    const holders = this.#holders.get(key);
    if (holders) holders.add(repository);
    else this.#holders.set(key, new Set([repository]));
  }

  /** The repositories of a host that are known to have a blob. */
  holders(host: string, node: Descriptor): readonly string[] {
    return [...this.#holders.get(`${host} ${node.digest}`) ?? []];
  }

  /**
   * Does work that brings a blob to a host. While one caller does, and no
   * repository there is known to have the blob, the others wait; their own work
   * then finds it. What fails for one is tried by the next.
   */
  async lead(
    host: string,
    node: Descriptor,
    work: () => Promise<void>,
    options: CallOptions = {},
  ): Promise<void> {
    const { signal } = options;
    const key = `${host} ${node.digest}`;
    while (!this.#holders.has(key)) {
      const leader = this.#leaders.get(key);
      if (!leader) break;
      await untilAborted(leader, signal);
    }
    if (this.#holders.has(key)) return await work();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#leaders.set(key, promise);
    try {
      await work();
    } finally {
      this.#leaders.delete(key);
      resolve();
    }
  }

  /**
   * Waits until a body may move between two stores. Both hosts are asked for in
   * one order, so that copies in opposite directions cannot wait for each other.
   */
  async body(
    from: Source,
    to: Source,
    options: CallOptions = {},
  ): Promise<Disposable> {
    const stack = new DisposableStack();
    try {
      const hosts = from.host === to.host
        ? [to]
        : [from, to].sort((a, b) => a.host < b.host ? -1 : 1);
      for (const store of hosts) {
        stack.use(await this.#gate(store).acquire(options));
      }
      return stack;
    } catch (error) {
      stack.dispose();
      throw error;
    }
  }

  #gate(store: Source): Semaphore {
    const gate = this.#gates.get(store.host) ??
      new Semaphore(store.bodies ?? BODIES);
    this.#gates.set(store.host, gate);
    return gate;
  }
}
