/**
 * What the requests of one process have learnt about each host.
 *
 * @module
 */

/** When hosts are ready again. Mirrors are ordered by it, and a throttle waits for it. */
export class Health {
  readonly #failing = new Map<string, number>();
  readonly #paused = new Map<string, number>();
  readonly #fastest = new Map<string, number>();
  readonly #now: () => number;

  /**
   * Makes an empty record.
   *
   * @param now The clock, in milliseconds.
   */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A host did not answer, or answered with a failure of its own. */
  failed(name: string, waitMs: number): void {
    this.#failing.set(name, this.#now() + waitMs);
  }

  /** A host said that it gets too many requests. */
  limited(name: string, waitMs: number): void {
    this.failed(name, waitMs);
    const until = this.#now() + waitMs;
    this.#paused.set(name, Math.max(until, this.#paused.get(name) ?? 0));
  }

  /** A host answered. */
  answered(name: string): void {
    this.#failing.delete(name);
  }

  /** A small request to a host took this long, in milliseconds. */
  measured(name: string, ms: number): void {
    this.#fastest.set(name, Math.min(ms, this.fastestMs(name)));
  }

  /** The shortest time a small request took, in milliseconds; `Infinity` before any. */
  fastestMs(name: string): number {
    return this.#fastest.get(name) ?? Infinity;
  }

  /** How long a host should better be left alone, in milliseconds; 0 where it is well. */
  failingMs(name: string): number {
    return this.#left(this.#failing, name);
  }

  /** How long every request to a host has to wait, in milliseconds. */
  pausedMs(name: string): number {
    return this.#left(this.#paused, name);
  }

  #left(times: Map<string, number>, name: string): number {
    return Math.max(0, (times.get(name) ?? 0) - this.#now());
  }
}
