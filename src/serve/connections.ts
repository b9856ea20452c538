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
  /** Ends one at once. */
  readonly kill: (connection: C) => void;
}

/** What is known of a connection. */
interface State {
  /** Requests under way; HTTP/2 has several. */
  busy: number;
  /** Since when it is idle, as `performance.now()` counts. */
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
  // In the order in which they became idle.
  readonly #idle = new Set<C>();
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
    if (state) {
      state.busy++;
      state.asked = true;
    }
    this.#idle.delete(connection);
  }

  /** A request is answered. */
  end(connection: C): void {
    const state = this.#states.get(connection);
    if (!state || --state.busy > 0) return;
    state.since = performance.now();
    this.#idle.add(connection);
    this.#wake();
  }

  /** Forgets a connection that has ended. */
  remove(connection: C): void {
    this.#states.delete(connection);
    this.#idle.delete(connection);
    this.#wake();
  }

  /** Waits for room for one more; the longest idle one makes it. */
  async room(): Promise<void> {
    while (this.size >= this.#options.max && !this.killLongestIdle()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = resolve;
      await promise;
    }
  }

  /** Ends the longest idle connection. @returns Whether there was one. */
  killLongestIdle(): boolean {
    for (const connection of this.#idle) {
      this.#kill(connection);
      return true;
    }
    return false;
  }

  /** Ends those that are idle for too long. */
  sweep(now: number = performance.now()): void {
    for (const connection of this.#idle) {
      const since = this.#states.get(connection)?.since ?? 0;
      if (now - since < this.#options.idleMs) return;
      this.#kill(connection);
    }
  }

  /** Ends those that never asked, or had their last answer `ms` ago or earlier. */
  killSilent(ms: number, now: number = performance.now()): void {
    for (const connection of this.#idle) {
      const { asked = false, since = 0 } = this.#states.get(connection) ?? {};
      if (!asked || now - since >= ms) this.#kill(connection);
    }
  }

  /** Ends all. */
  killAll(): void {
    for (const connection of this.#states.keys()) this.#kill(connection);
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
