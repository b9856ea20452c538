/**
 * What went wrong while a server ran.
 *
 * @module
 */

/** How many errors are kept; a server may run for months. */
const MOST = 100;

/** Keeps the first errors and counts the others. */
export class ErrorList {
  readonly #errors: unknown[] = [];
  #more = 0;

  /** Adds errors. */
  add(...errors: readonly unknown[]): void {
    for (const error of errors) {
      if (this.#errors.length < MOST) this.#errors.push(error);
      else this.#more++;
    }
  }

  /** The first errors; the last one says how many more there were. */
  get all(): readonly unknown[] {
    return this.#more === 0
      ? this.#errors
      : [...this.#errors, new Error(`and ${this.#more} more errors`)];
  }
}
