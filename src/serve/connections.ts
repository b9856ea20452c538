/**
 * The connections of a server: how many there may be, and which goes first.
 *
 * @module
 */

/** Options for {@linkcode Connections}. */
export interface ConnectionsOptions<C> {
  /** The most connections at a time. */
  readonly max: number;
  /** How long one without a request may stay, in milliseconds. */
  readonly idleMs: number;
  /** How long one is answered, in milliseconds, before it too makes room. */
  readonly busyMs: number;
  /** Ends one at once. */
  readonly kill: (connection: C) => void;
}

/** What is known of a connection. */
interface State {
  /** Requests under way; HTTP/2 has several. */
  busy: number;
  /** Since when it is idle or busy, as `performance.now()` counts. */
  since: number;
  /** Whether it had a request. */
  asked: boolean;
}

/**
 * The open connections. One that asks nothing, or never ends its question, is
 * idle: it makes room for others where there are too many, and goes after a while.
 */
export class Connections<C> {
  readonly #options: ConnectionsOptions<C>;
  readonly #states = new Map<C, State>();
  // In the order in which they became so.
  readonly #idle = new Set<C>();
  readonly #busy = new Set<C>();
  #waiting: (() => void) | undefined;

  /** Makes an empty table. */
  constructor(options: ConnectionsOptions<C>) {
    this.#options = options;
  }

  /** How many there are. */
  get size(): number {
    return this.#states.size;
  }

  /** Takes in a new connection. */
  add(connection: C): void {
    this.#states.set(connection, {
      busy: 0,
      since: performance.now(),
      asked: false,
    });
    this.#idle.add(connection);
  }

  /** A request came. */
  begin(connection: C): void {
    const state = this.#states.get(connection);
    if (!state || state.busy++ > 0) return;
    state.asked = true;
    state.since = performance.now();
    this.#idle.delete(connection);
    this.#busy.add(connection);
  }

  /** A request is answered. */
  end(connection: C): void {
    const state = this.#states.get(connection);
    if (!state || --state.busy > 0) return;
    state.since = performance.now();
    this.#busy.delete(connection);
    this.#idle.add(connection);
    this.#wake();
  }

  /** Forgets a connection that has ended. */
  remove(connection: C): void {
    this.#states.delete(connection);
    this.#idle.delete(connection);
    this.#busy.delete(connection);
    this.#wake();
  }

  /** Waits for room for one more; another connection makes it. */
  async room(): Promise<void> {
    while (this.size >= this.#options.max && !this.makeRoom()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = resolve;
      await promise;
    }
  }

  /**
   * Ends the connection that is idle for longest. Where none is, one that takes
   * its answer for very long, or not at all: it can ask for the rest again.
   *
   * @returns Whether there was one.
   */
  makeRoom(now: number = performance.now()): boolean {
    for (const connection of this.#idle) {
      this.#kill(connection);
      return true;
    }
    for (const connection of this.#busy) {
      if (this.#age(connection, now) < this.#options.busyMs) return false;
      this.#kill(connection);
      return true;
    }
    return false;
  }

  /** Ends those that are idle for too long, and looks for room again. */
  sweep(now: number = performance.now()): void {
    for (const connection of this.#idle) {
      if (this.#age(connection, now) < this.#options.idleMs) break;
      this.#kill(connection);
    }
    this.#wake();
  }

  /** Ends those that never asked, or had their last answer `ms` ago or earlier. */
  killSilent(ms: number, now: number = performance.now()): void {
    for (const connection of this.#idle) {
      const asked = this.#states.get(connection)?.asked ?? false;
      if (!asked || this.#age(connection, now) >= ms) this.#kill(connection);
    }
  }

  /** Ends all. */
  killAll(): void {
    for (const connection of this.#states.keys()) this.#kill(connection);
  }

  #age(connection: C, now: number): number {
    return now - (this.#states.get(connection)?.since ?? now);
  }

  #kill(connection: C): void {
    this.remove(connection);
    this.#options.kill(connection);
  }

  #wake(): void {
    this.#waiting?.();
    this.#waiting = undefined;
  }
}
