/**
 * The layouts of a folder that are in use: those that are written to stay open
 * for a while, so that their locks are not taken anew for each blob.
 *
 * @module
 */
import { join } from "node:path";
import { LayoutStore } from "../registry/store/layout.ts";
import { folderOf } from "./folder_names.ts";
import { LayoutCatalog } from "./layout_catalog.ts";

/** A layout that is in use. */
export interface OpenLayout {
  /** The layout. */
  readonly layout: LayoutStore;
  /** What its index says. */
  readonly catalog: LayoutCatalog;
}

interface Entry extends OpenLayout {
  used: number;
}

/** How many layouts stay open for writing, and for how long after their last use. */
const OPEN_LAYOUTS = 256;
const LINGER_MS = 60_000;

/** Opens layouts by the names of their repositories. */
export class OpenLayouts implements AsyncDisposable {
  readonly #root: string;
  readonly #open = new Map<string, Entry>();
  #closing: Promise<unknown> = Promise.resolve();

  /** Takes the folder that the layouts are in. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The layout of a repository, which need not be there. */
  toRead(name: string): OpenLayout {
    const known = this.#open.get(name);
    if (known) {
      known.used = Date.now();
      return known;
    }
    return this.#make(name);
  }

  /** The same, kept open: something is, or is about to be, in it. */
  toWrite(name: string): OpenLayout {
    const entry = this.#open.get(name) ?? this.#make(name);
    entry.used = Date.now();
    // The last one used is the last in the map.
    this.#open.delete(name);
    this.#open.set(name, entry);
    for (const [other, { used }] of this.#open) {
      const isOver = this.#open.size > OPEN_LAYOUTS;
      if (!isOver || Date.now() - used < LINGER_MS) break;
      this.#leave(other);
    }
    return entry;
  }

  /** Leaves all layouts; what is pushed stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await this.#closing;
    for (const { layout } of open) await layout[Symbol.asyncDispose]();
  }

  #make(name: string): Entry {
    const folder = folderOf(this.#root, name);
    const layout = new LayoutStore(folder, {
      // Removing is what `collect` is for: somebody may be pushing.
      collect: false,
      keepUntagged: true,
    });
    const catalog = new LayoutCatalog(layout, join(folder, "index.json"));
    return { layout, catalog, used: Date.now() };
  }

  #leave(name: string): void {
    const open = this.#open.get(name);
    this.#open.delete(name);
    this.#closing = this.#closing
      .then(() => open?.layout[Symbol.asyncDispose]())
      .catch(() => {});
  }
}
