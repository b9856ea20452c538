/**
 * Changes of a layout's index, made while nobody else makes any: one file for as
 * many changes as come together.
 *
 * @module
 */
import { Batcher, type Outcome } from "../../../base/batcher.ts";
import type { CallOptions, Descriptor } from "../../core.ts";
import type { DirectoryReader } from "./directory_reader.ts";
import type { LayoutFiles } from "./files.ts";
import type { IndexFile } from "./index_file.ts";
import { Listings } from "./listings.ts";
import {
  EMPTY_INDEX,
  type LayoutIndex,
  lostRows,
  makeRow,
  withRow,
} from "./rows.ts";
import type { LayoutSession } from "./session.ts";
import { LAYOUT_FILE, LAYOUT_TEXT } from "./version.ts";

/**
 * Makes the next index from the one that is there. One that looks at tags stores
 * the lists that others have changed first: {@linkcode Listings.flush}.
 */
export type Edit = (
  index: LayoutIndex,
  listings: Listings,
) => LayoutIndex | Promise<LayoutIndex>;

/** What an {@linkcode IndexWriter} works with. */
export interface IndexWriterOptions {
  /** The files of the layout. */
  readonly files: LayoutFiles;
  /** The index itself. */
  readonly indexFile: IndexFile;
  /** Reads the layout. */
  readonly reader: DirectoryReader;
  /** Reads a manifest that has a row, and verifies it. */
  readonly read: (node: Descriptor) => Promise<Uint8Array>;
  /** What rows that are written say of their time. @default {now} */
  readonly created?: Date | undefined;
  /** Keeps a row for a manifest that loses its last tag. @default {false} */
  readonly keepUntagged?: boolean | undefined;
}

/** Writes the index of a layout. */
export class IndexWriter {
  readonly #options: IndexWriterOptions;
  readonly #batcher = new Batcher<
    { readonly edit: Edit; readonly session: LayoutSession },
    void
  >((items) => this.#apply(items));
  /** Digests that lost their rows. */
  readonly orphans: Set<string> = new Set();

  /** Writes below a directory. */
  constructor(options: IndexWriterOptions) {
    this.#options = options;
  }

  /** Changes the index; others of the same time are written with it. */
  async change(
    session: LayoutSession,
    edit: Edit,
    options: CallOptions = {},
  ): Promise<void> {
    await this.#batcher.run({ edit, session }, options);
  }

  /** The index with a row for a manifest. */
  named(index: LayoutIndex, node: Descriptor, tag: string): LayoutIndex {
    const { created = new Date() } = this.#options;
    return this.kept(index, withRow(index, makeRow(node, tag, created)));
  }

  /** The index after a change, with nameless rows for manifests that lost their last one. */
  kept(before: LayoutIndex, after: LayoutIndex): LayoutIndex {
    const { created = new Date(), keepUntagged = false } = this.#options;
    if (!keepUntagged) return after;
    return lostRows(before, after).reduce(
      (index, row) => withRow(index, makeRow(row.descriptor, "", created)),
      after,
    );
  }

  async #apply(
    items: readonly { readonly edit: Edit; readonly session: LayoutSession }[],
  ): Promise<readonly Outcome<void>[]> {
    // All of one stay: there is no second one before the first has ended.
    const session = items[0]?.session;
    const edits = items.map(({ edit }) => edit);
    return await session?.exclusively(() => this.#edit(edits)) ?? [];
  }

  async #edit(edits: readonly Edit[]): Promise<readonly Outcome<void>[]> {
    const { files, indexFile, read } = this.#options;
    const index = await this.#fresh();
    const listings = new Listings({
      read,
      write: (digest, bytes) => files.writeBytes(digest, bytes),
      named: (index, node, tag) =>
        withRow(
          index,
          makeRow(node, tag, this.#options.created ?? new Date()),
        ),
    });
    const outcomes: Outcome<void>[] = [];
    let next = index;
    const goOnWith = (after: LayoutIndex) => {
      for (const { descriptor } of lostRows(next, after)) {
        this.orphans.add(descriptor.digest);
      }
      next = after;
    };
    for (const edit of edits) {
      try {
        goOnWith(await edit(next, listings));
        outcomes.push({ result: undefined });
      } catch (error) {
        outcomes.push({ error });
      }
    }
    goOnWith(await listings.flush(next));
    if (next !== index) await indexFile.replace(next);
    return outcomes;
  }

  /** Makes an empty layout where there is none. */
  async make(session: LayoutSession): Promise<void> {
    await session.exclusively(() => this.#fresh());
  }

  /** The index as it is now, not as it is remembered: others write it, too. */
  async #fresh(): Promise<LayoutIndex> {
    const { files, reader } = this.#options;
    const there = await reader.fresh();
    if (there) return there.index;
    await files.makeDirectory("blobs");
    const text = new TextEncoder().encode(LAYOUT_TEXT);
    await files.replace(files.path(LAYOUT_FILE), text);
    return (await reader.fresh())?.index ?? EMPTY_INDEX;
  }
}
