/**
 * A map that forgets what was not used for the longest time.
 *
 * @module
 */

/** Keeps at most so many entries. */
export class Lru<Key, Value> {
  readonly #limit: number;
  readonly #entries = new Map<Key, Value>();

  /** Makes an empty one, for at least one entry. */
  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, which is now the last to be forgotten. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Remembers a value, and forgets the oldest where there are too many. */
  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#limit && oldest !== undefined) {
      this.#entries.delete(oldest);
    }
  }

  /** Forgets a key. */
  delete(key: Key): void {
    this.#entries.delete(key);
  }
}
