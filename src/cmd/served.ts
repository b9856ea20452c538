/**
 * What a server made of its file, until a later file takes its place.
 *
 * @module
 */

/** Closes a value once it was replaced and the last run that uses it has ended. */
export class Served<T extends AsyncDisposable> {
  /** What is served. */
  readonly value: T;
  #users = 0;
  #replaced = false;

  /** Serves a value, which is used by nobody yet. */
  constructor(value: T) {
    this.value = value;
  }

  /** Does some work, before the end of which the value is not closed. */
  async use(work: (value: T) => Promise<void>): Promise<void> {
    this.#users++;
    try {
      await work(this.value);
    } finally {
      this.#users--;
      await this.#closeWhenDone();
    }
  }

  /** Closes the value as soon as nothing uses it. */
  async replace(): Promise<void> {
    this.#replaced = true;
    await this.#closeWhenDone();
  }

  async #closeWhenDone(): Promise<void> {
    if (!this.#replaced || this.#users > 0) return;
    await this.value[Symbol.asyncDispose]();
  }
}
