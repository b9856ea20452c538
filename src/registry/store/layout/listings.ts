/**
 * The lists of referrers that a layout keeps under tags: changed in memory by as
 * many pushes as come together, and stored once for all of them.
 *
 * @module
 */
import type { Descriptor } from "../../core.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../go_json.ts";
import { describeManifest, type Manifest } from "../../manifest.ts";
import {
  encodeReferrers,
  fallbackTag,
  isEmptyList,
  NO_REFERRERS,
  referrerOf,
  withoutReferrer,
  withReferrer,
} from "../../referrers_index.ts";
import { findTag, type LayoutIndex, withoutTag } from "./rows.ts";

/** What lists are read from and stored in. */
export interface ListingFiles {
  /** Reads a list that has a row. */
  read(node: Descriptor): Promise<Uint8Array>;
  /** Stores the bytes of a list. */
  write(digest: string, bytes: Uint8Array): Promise<void>;
  /** The index with a row for a list. */
  named(index: LayoutIndex, node: Descriptor, tag: string): LayoutIndex;
}

/** The lists that one change of the index touches. */
export class Listings {
  readonly #files: ListingFiles;
  readonly #changed = new Map<string, JsonObject>();

  /** Begins with the lists as they are. */
  constructor(files: ListingFiles) {
    this.#files = files;
  }

  /** Puts a manifest on its subject's list, where it has a subject. */
  async add(
    index: LayoutIndex,
    node: Descriptor,
    manifest: Manifest,
  ): Promise<void> {
    if (!manifest.subject) return;
    const tag = fallbackTag(manifest.subject.digest);
    const list = await this.#list(index, tag);
    const next = withReferrer(list, referrerOf(node, manifest));
    if (next) this.#changed.set(tag, next);
  }

  /** Takes a manifest off its subject's list. */
  async remove(
    index: LayoutIndex,
    digest: string,
    subject: Descriptor,
  ): Promise<void> {
    const tag = fallbackTag(subject.digest);
    const next = withoutReferrer(await this.#list(index, tag), digest);
    if (next) this.#changed.set(tag, next);
  }

  /** Stores what has changed; the index has rows for that then, none for empty lists. */
  async flush(index: LayoutIndex): Promise<LayoutIndex> {
    let next = index;
    for (const [tag, list] of this.#changed) {
      if (isEmptyList(list)) {
        next = withoutTag(next, tag);
        continue;
      }
      const { descriptor, bytes } = describeManifest(encodeReferrers(list));
      await this.#files.write(descriptor.digest, bytes);
      next = this.#files.named(next, descriptor, tag);
    }
    this.#changed.clear();
    return next;
  }

  async #list(index: LayoutIndex, tag: string): Promise<JsonObject> {
    const changed = this.#changed.get(tag);
    if (changed) return changed;
    const row = findTag(index, tag);
    if (!row) return NO_REFERRERS;
    const bytes = await this.#files.read(row.descriptor);
    const json = parseJson(new TextDecoder().decode(bytes));
    return isJsonObject(json) ? json : NO_REFERRERS;
  }
}
