/**
 * What the manifests of a layout say: their tags, their kinds, who refers to whom.
 *
 * @module
 */
import { isRegError } from "../base/errors.ts";
import { collect } from "../base/streams.ts";
import type { Descriptor, Digest } from "../registry/core.ts";
import {
  childrenOf,
  type Manifest,
  MANIFEST_LIMIT,
  parseManifest,
} from "../registry/manifest.ts";
import { isManifestType, MEDIA_TYPES } from "../registry/media_types.ts";
import { referrerOf } from "../registry/referrers_index.ts";
import type { LayoutStore } from "../registry/store/layout.ts";
import { compareNames } from "./pages.ts";

/** The tag under which layouts keep the list of a manifest's referrers. */
const LISTING = /^sha(?:256|384|512)-[0-9a-f]{64}$/;

/** What is remembered of a manifest; content has a digest, so it never changes. */
interface Facts {
  readonly mediaType: string;
  readonly subject: string | undefined;
  readonly manifests: readonly string[];
}

/** How many digests may be remembered. */
const REMEMBERED = 100_000;

/** The rows of one `index.json`, by what is asked for. */
interface Rows {
  readonly version: string;
  readonly tags: ReadonlyMap<string, Descriptor>;
  readonly digests: ReadonlyMap<string, Descriptor>;
}

/** Reads a layout's index as a registry does, and remembers it while it is the same. */
export class LayoutCatalog {
  readonly #layout: LayoutStore;
  readonly #index: string;
  readonly #facts = new Map<string, Facts | null>();
  #weight = 0;
  #rows: Rows | undefined;

  /**
   * Makes a catalog.
   *
   * @param index The path of the layout's `index.json`.
   */
  constructor(layout: LayoutStore, index: string) {
    this.#layout = layout;
    this.#index = index;
  }

  /** Forgets the index: it was changed. */
  forget(): void {
    this.#rows = undefined;
  }

  /** The tags but those under which the layout keeps lists of referrers. */
  async tags(): Promise<string[]> {
    const { tags } = await this.#read();
    return [...tags].filter(([tag, { mediaType }]) =>
      !(LISTING.test(tag) && mediaType === MEDIA_TYPES.ociIndex)
    ).map(([tag]) => tag).sort(compareNames);
  }

  /** Tells whether a digest has a row: whether it was stored as a manifest. */
  async hasRow(digest: Digest): Promise<boolean> {
    return (await this.#read()).digests.has(digest);
  }

  /** Turns a tag or a digest into a descriptor. */
  async resolve(reference: string): Promise<Descriptor | undefined> {
    const { tags, digests } = await this.#read();
    const row = tags.get(reference) ?? digests.get(reference);
    const digest = row?.digest ?? reference;
    if (!isDigestLike(digest)) return undefined;
    const size = await this.#layout.size(digest);
    if (size === undefined) return undefined;
    const mediaType = row && isManifestType(row.mediaType)
      ? row.mediaType
      : (await this.#know(digest))?.mediaType;
    return mediaType === undefined ? undefined : { mediaType, digest, size };
  }

  /** The manifests that name a subject, in the order of their digests. */
  async referrers(subject: Digest): Promise<Descriptor[]> {
    const found: Descriptor[] = [];
    const seen = new Set<string>();
    const queue = [...(await this.#read()).digests.keys()];
    for (let digest = queue.pop(); digest !== undefined; digest = queue.pop()) {
      if (seen.has(digest) || !isDigestLike(digest)) continue;
      seen.add(digest);
      const facts = await this.#know(digest);
      queue.push(...facts?.manifests ?? []);
      if (facts?.subject !== subject) continue;
      const node = await this.resolve(digest);
      const manifest = node && await this.#parse(digest, node.mediaType);
      if (manifest) found.push(referrerOf(node, manifest));
    }
    return found.sort((a, b) => compareNames(a.digest, b.digest));
  }

  async #read(): Promise<Rows> {
    const version = await versionOf(this.#index);
    if (this.#rows?.version === version) return this.#rows;
    const entries = version === "" ? [] : await this.#layout.entries();
    const tags = new Map<string, Descriptor>();
    const digests = new Map<string, Descriptor>();
    for (const { name, descriptor } of entries) {
      if (!digests.has(descriptor.digest)) {
        digests.set(descriptor.digest, descriptor);
      }
      if (name !== "" && !name.includes(":")) tags.set(name, descriptor);
    }
    // A full name gives its tag only where no row has the tag for a name.
    for (const { name, descriptor } of entries) {
      const tag = name.slice(name.lastIndexOf(":") + 1);
      if (tag !== name && !tags.has(tag)) tags.set(tag, descriptor);
    }
    return this.#rows = { version, tags, digests };
  }

  /** What a manifest says; `null` for what is none. */
  async #know(digest: Digest): Promise<Facts | null> {
    const known = this.#facts.get(digest);
    if (known !== undefined) return known;
    const manifest = await this.#parse(digest, "");
    if (manifest === undefined) return null;
    const facts = manifest && {
      mediaType: manifest.mediaType,
      subject: manifest.subject?.digest,
      manifests: childrenOf(manifest)
        .filter((child) => isManifestType(child.mediaType))
        .map((child) => child.digest),
    };
    this.#remember(digest, facts);
    return facts;
  }

  #remember(digest: string, facts: Facts | null): void {
    const weight = 1 + (facts?.manifests.length ?? 0);
    if (this.#weight + weight > REMEMBERED) {
      this.#facts.clear();
      this.#weight = 0;
    }
    this.#facts.set(digest, facts);
    this.#weight += weight;
  }

  /** A manifest; `null` for what is none, `undefined` for what is not there. */
  async #parse(
    digest: Digest,
    mediaType: string,
  ): Promise<Manifest | null | undefined> {
    const size = await this.#layout.size(digest);
    if (size === undefined) return undefined;
    if (size > MANIFEST_LIMIT) return null;
    try {
      const stream = await this.#layout.openRange(digest);
      const bytes = await collect(stream, MANIFEST_LIMIT);
      return parseManifest(bytes, mediaType);
    } catch (error) {
      if (isRegError(error, "not_found")) return undefined;
      if (isRegError(error, "invalid", "mismatch", "unsupported", "limit")) {
        return null;
      }
      throw error;
    }
  }
}

function isDigestLike(text: string): text is Digest {
  return text.includes(":");
}

/** What changes when a file is replaced; empty where there is none. */
async function versionOf(path: string): Promise<string> {
  try {
    const { ino, size, mtime } = await Deno.stat(path);
    return `${ino} ${size} ${mtime?.getTime()}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
