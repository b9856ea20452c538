/**
 * Opens each repository once, however many steps use it at a time.
 *
 * @module
 */
import type { OpenedStore } from "../../registry/open.ts";
import { type Reference, repositoryName } from "../../registry/reference.ts";

/** Opens a store. */
export type Open = (reference: Reference) => Promise<OpenedStore>;

/** A store in use. Dispose it when done: the last one closes it. */
export interface Lease extends AsyncDisposable {
  /** The store. */
  readonly store: OpenedStore;
}

interface Entry {
  readonly store: Promise<OpenedStore>;
  users: number;
}

/**
 * Shares stores among steps. An OCI layout is tidied up when it is closed, which
 * must not happen while another step still writes to it.
 */
export class StorePool {
  readonly #open: Open;
  readonly #onCloseError: (name: string, error: unknown) => void;
  readonly #entries = new Map<string, Entry>();
  /** Stores that are being closed: opening them again waits for that. */
  readonly #closing = new Map<string, Promise<void>>();

  /**
   * Makes an empty pool.
   *
   * @param onCloseError Called where closing fails, which fails nothing else.
   */
  constructor(
    open: Open,
    onCloseError: (name: string, error: unknown) => void,
  ) {
    this.#open = open;
    this.#onCloseError = onCloseError;
  }

  /** How many stores are open. */
  get size(): number {
    return this.#entries.size;
  }

  /** The store of a reference's repository. */
  async use(reference: Reference): Promise<Lease> {
    const name = repositoryName(reference);
    while (this.#closing.has(name)) await this.#closing.get(name);
    const entry = this.#entries.get(name) ??
      { store: this.#open(reference), users: 0 };
    this.#entries.set(name, entry);
    entry.users++;
    try {
      const store = await entry.store;
      return {
        store,
        [Symbol.asyncDispose]: () => this.#leave(name, entry),
      };
    } catch (error) {
      if (--entry.users === 0) this.#entries.delete(name);
      throw error;
    }
  }

  async #leave(name: string, entry: Entry): Promise<void> {
    if (--entry.users > 0) return;
    this.#entries.delete(name);
    const closing = this.#close(name, entry);
    this.#closing.set(name, closing);
    await closing;
    this.#closing.delete(name);
  }

  async #close(name: string, entry: Entry): Promise<void> {
    try {
      const store = await entry.store;
      await store[Symbol.asyncDispose]();
    } catch (error) {
      this.#onCloseError(name, error);
    }
  }
}
