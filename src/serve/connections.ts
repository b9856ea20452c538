/**
 * The connections of a server, and which goes first.
 *
 * @module
 */

/** Options for {@linkcode Connections}. */
export interface ConnectionsOptions<C> {
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
}

/**
 * The open connections. One that asks nothing, or never ends its question, is
 * idle: it is the first to make room.
 */
export class Connections<C> {
  readonly #options: ConnectionsOptions<C>;
  readonly #states = new Map<C, State>();
  // In the order in which they became so.
  readonly #idle = new Set<C>();
  readonly #busy = new Set<C>();

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
    this.#states.set(connection, { busy: 0, since: performance.now() });
    this.#idle.add(connection);
  }

  /** A request came. */
  begin(connection: C): void {
    const state = this.#states.get(connection);
    if (!state || state.busy++ > 0) return;
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
  }

  /** Forgets a connection that has ended. */
  remove(connection: C): void {
    this.#states.delete(connection);
    this.#idle.delete(connection);
    this.#busy.delete(connection);
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

  #age(connection: C, now: number): number {
    return now - (this.#states.get(connection)?.since ?? now);
  }

  #kill(connection: C): void {
    this.remove(connection);
    this.#options.kill(connection);
  }
}
