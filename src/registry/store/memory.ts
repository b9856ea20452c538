/**
 * A store in memory that counts what it is asked for: for tests and dry runs.
 *
 * @module
 */
import { collect, fromBytes } from "../../base/streams.ts";
import { RegError } from "../../base/errors.ts";
import type {
  Abilities,
  Body,
  CallOptions,
  Descriptor,
  Digest,
  ListOptions,
  ManifestBytes,
  OpenOptions,
  Page,
  PushOptions,
  Referrers,
  Resolved,
  Store,
} from "../core.ts";
import { UNKNOWN_TYPE } from "../media_types.ts";
import { algorithmOf, digestOf, isDigest } from "../digest.ts";
import { describeManifest, parseManifest } from "../manifest.ts";
import { referrerOf } from "../referrers_index.ts";
import { verifyBytes } from "../verify.ts";

/** What a {@linkcode MemoryStore} was asked for so far. */
export interface MemoryCounts {
  /** Calls of `resolve`. */
  resolve: number;
  /** Calls of `manifest`. */
  manifest: number;
  /** Calls of `open`. */
  open: number;
  /** Calls of `exists`. */
  exists: number;
  /** Calls of `push`. */
  push: number;
  /** Calls of `putManifest`. */
  putManifest: number;
  /** Calls of `mount` that took a blob. */
  mounted: number;
}

/** Options for a {@linkcode MemoryStore}. */
export interface MemoryOptions {
  /** What holds it. @default {"memory"} */
  readonly host?: string;
  /** Its name within the host. @default {"repo"} */
  readonly repository?: string;
  /** The host's repositories by name, from which blobs are mounted. This one is added. */
  readonly siblings?: Map<string, MemoryStore>;
}

/**
 * A repository in memory.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * const store = new MemoryStore();
 * const node = await store.add(new TextEncoder().encode("{}"));
 * strictEqual(await store.exists(node), true);
 * ```
 */
export class MemoryStore
  implements Store, Omit<Abilities, "transfer" | "unlist"> {
  /** How messages name it. */
  readonly name: string;
  /** What holds it. */
  readonly host: string;
  /** Its name within the host. */
  readonly repository: string;
  /** What it was asked for so far. */
  readonly counts: MemoryCounts = {
    resolve: 0,
    manifest: 0,
    open: 0,
    exists: 0,
    push: 0,
    putManifest: 0,
    mounted: 0,
  };
  /** The digests that were stored, in order: repeats show. */
  readonly stored: string[] = [];
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #manifests = new Map<string, ManifestBytes>();
  readonly #tags = new Map<string, string>();
  readonly #siblings: ReadonlyMap<string, MemoryStore>;

  /** Makes an empty repository. */
  constructor(options: MemoryOptions = {}) {
    const { host = "memory", repository = "repo", siblings = new Map() } =
      options;
    this.host = host;
    this.repository = repository;
    this.name = `${host}/${repository}`;
    this.#siblings = siblings.set(repository, this);
  }

  /** Adds a blob: a shorthand for tests. */
  async add(
    bytes: Uint8Array,
    mediaType = "application/octet-stream",
  ): Promise<Descriptor> {
    const node = { mediaType, digest: digestOf(bytes), size: bytes.length };
    await this.push(node, () => Promise.resolve(fromBytes(bytes)));
    return node;
  }

  /** Adds a manifest and tags it: a shorthand for tests. */
  async addManifest(manifest: unknown, tag?: string): Promise<Descriptor> {
    const bytes = new TextEncoder().encode(JSON.stringify(manifest));
    const { descriptor } = describeManifest(bytes);
    await this.putManifest(descriptor, bytes, { tag });
    return descriptor;
  }

  /** Turns a tag or a digest into a descriptor. */
  async resolve(
    tagOrDigest: string,
    options: CallOptions = {},
  ): Promise<Resolved> {
    await pause(options);
    this.counts.resolve++;
    return this.#find(tagOrDigest).descriptor;
  }

  /** Reads a manifest by tag or digest. */
  async manifest(
    tagOrDigest: string,
    options: CallOptions = {},
  ): Promise<ManifestBytes> {
    await pause(options);
    this.counts.manifest++;
    return this.#find(tagOrDigest);
  }

  /** Streams a blob's bytes. */
  async open(
    node: Descriptor,
    options: OpenOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    await pause(options);
    this.counts.open++;
    const bytes = this.#blobs.get(node.digest);
    if (bytes === undefined) throw this.#notFound(node.digest);
    return fromBytes(new Uint8Array(bytes.subarray(options.offset ?? 0)));
  }

  /** Tells whether a blob or manifest is there. */
  async exists(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<boolean> {
    await pause(options);
    this.counts.exists++;
    return this.#blobs.has(node.digest) || this.#manifests.has(node.digest);
  }

  /** Stores a blob; a wrong digest or size leaves nothing. */
  async push(
    node: Descriptor,
    body: Body,
    options: PushOptions = {},
  ): Promise<void> {
    await pause(options);
    this.counts.push++;
    const { signal } = options;
    const bytes = await collect(await body({ signal }), Infinity);
    verifyBytes(bytes, node);
    options.onBytes?.(bytes.length);
    this.#blobs.set(node.digest, bytes);
    this.stored.push(node.digest);
  }

  /** Stores a manifest, and tags it where asked. */
  async putManifest(
    node: Descriptor,
    bytes: Uint8Array,
    options: PushOptions = {},
  ): Promise<void> {
    await pause(options);
    this.counts.putManifest++;
    verifyBytes(bytes, node);
    const algorithm = algorithmOf(node.digest);
    const described = describeManifest(bytes, node.mediaType, algorithm);
    this.#manifests.set(node.digest, described);
    if (options.tag) this.#tags.set(options.tag, node.digest);
    options.onBytes?.(bytes.length);
    this.stored.push(node.digest);
  }

  /** Takes a blob from repositories of the same host; all of them where `from` is empty. */
  async mount(
    node: Descriptor,
    from: readonly string[],
    options: CallOptions = {},
  ): Promise<boolean> {
    await pause(options);
    const names = from.length > 0 ? from : [...this.#siblings.keys()];
    const bytes = names
      .flatMap((name) => this.#siblings.get(name) ?? [])
      .map((sibling) => sibling.#blobs.get(node.digest))
      .find((found) => found !== undefined);
    if (bytes === undefined) return false;
    this.counts.mounted++;
    this.#blobs.set(node.digest, bytes);
    return true;
  }

  /** Gives all tags in one page, sorted. */
  async *tags(options: ListOptions = {}): AsyncIterable<Page> {
    await pause(options);
    const { last = "", limit = Infinity } = options;
    const names = [...this.#tags.keys()].sort()
      .filter((tag) => tag > last).slice(0, limit);
    const body = { name: this.repository, tags: names };
    yield { names, bytes: new TextEncoder().encode(JSON.stringify(body)) };
  }

  /** Lists the manifests whose subject is `node`. */
  async referrers(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<Referrers> {
    await pause(options);
    const descriptors = [...this.#manifests.values()].flatMap((found) => {
      const manifest = parseManifest(found.bytes, found.descriptor.mediaType);
      return manifest.subject?.digest === node.digest
        ? [referrerOf(found.descriptor, manifest)]
        : [];
    });
    return { descriptors };
  }

  /** Points a tag at a manifest that is there. */
  async tag(
    node: Descriptor,
    tag: string,
    options: CallOptions = {},
  ): Promise<void> {
    await pause(options);
    this.#tags.set(tag, this.#find(node.digest).descriptor.digest);
  }

  /** Deletes a tag. */
  async untag(tag: string, options: CallOptions = {}): Promise<void> {
    await pause(options);
    if (!this.#tags.delete(tag)) throw this.#notFound(tag);
  }

  /** Deletes a manifest and its tags. */
  async deleteManifest(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<void> {
    await pause(options);
    if (!this.#manifests.delete(node.digest)) throw this.#notFound(node.digest);
    for (const [tag, digest] of this.#tags) {
      if (digest === node.digest) this.#tags.delete(tag);
    }
  }

  /** Describes a blob by its digest. */
  async stat(digest: Digest, options: CallOptions = {}): Promise<Resolved> {
    await pause(options);
    const bytes = this.#blobs.get(digest);
    if (bytes === undefined) throw this.#notFound(digest);
    return { mediaType: UNKNOWN_TYPE, digest, size: bytes.length };
  }

  /** Deletes a blob. */
  async deleteBlob(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<void> {
    await pause(options);
    if (!this.#blobs.delete(node.digest)) throw this.#notFound(node.digest);
  }

  #find(tagOrDigest: string): ManifestBytes {
    const digest = isDigest(tagOrDigest)
      ? tagOrDigest
      : this.#tags.get(tagOrDigest || "latest");
    const found = digest && this.#manifests.get(digest);
    if (found) return found;
    throw this.#notFound(tagOrDigest);
  }

  #notFound(what: string): RegError {
    return new RegError(
      "not_found",
      `Cannot find ${what} in ${this.name}: not found`,
    );
  }
}

/** Lets others run, as a real store would. */
async function pause(options: CallOptions): Promise<void> {
  options.signal?.throwIfAborted();
  await Promise.resolve();
}
