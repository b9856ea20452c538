/**
 * A registry's content in memory, for throw-away use and for tests.
 *
 * @module
 */
import type { Descriptor, Digest } from "../registry/core.ts";
import { referrerOf } from "../registry/referrers_index.ts";
import { MemorySpool } from "./memory_spool.ts";
import { compareNames } from "./pages.ts";
import type { ByteRange } from "./ranges.ts";
import type { Spool } from "./spool.ts";
import type { NewManifest, Repository, Storage } from "./storage.ts";

interface StoredManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly subject: Digest | undefined;
  readonly referrer: Descriptor;
}

interface Content {
  readonly blobs: Map<string, Blob>;
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, Digest>;
}

/** Keeps everything in memory; gone with the process. */
export class MemoryStorage implements Storage {
  readonly #contents = new Map<string, Content>();

  /** The names of the repositories that hold something, in code unit order. */
  repositories(): Promise<readonly string[]> {
    return Promise.resolve([...this.#contents.keys()].sort(compareNames));
  }

  /** A repository. */
  repository(name: string): Repository {
    return new MemoryRepository(name, this.#contents);
  }

  /** Drops everything. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#contents.clear();
    return Promise.resolve();
  }
}

/** A view of one repository; it costs nothing until something is stored. */
class MemoryRepository implements Repository {
  readonly name: string;
  readonly #contents: Map<string, Content>;

  constructor(name: string, contents: Map<string, Content>) {
    this.name = name;
    this.#contents = contents;
  }

  get #content(): Content | undefined {
    return this.#contents.get(this.name);
  }

  #made(): Content {
    const known = this.#content;
    if (known) return known;
    const made = { blobs: new Map(), manifests: new Map(), tags: new Map() };
    this.#contents.set(this.name, made);
    return made;
  }

  exists(): Promise<boolean> {
    return Promise.resolve(this.#content !== undefined);
  }

  size(digest: Digest): Promise<number | undefined> {
    return Promise.resolve(this.blob(digest)?.size);
  }

  open(
    digest: Digest,
    range: ByteRange,
  ): Promise<ReadableStream<Uint8Array> | undefined> {
    const blob = this.blob(digest)?.slice(range.start, range.end);
    return Promise.resolve(blob?.stream());
  }

  blob(digest: Digest): Blob | undefined {
    return this.#content?.blobs.get(digest);
  }

  mount(digest: Digest, from: Repository): Promise<boolean> {
    const blob = from instanceof MemoryRepository
      ? from.blob(digest)
      : undefined;
    if (blob) this.#made().blobs.set(digest, blob);
    return Promise.resolve(blob !== undefined);
  }

  removeBlob(digest: Digest): Promise<boolean> {
    return Promise.resolve(this.#content?.blobs.delete(digest) ?? false);
  }

  createSpool(): Promise<Spool> {
    return Promise.resolve(new MemorySpool());
  }

  findSpool(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async adopt(spool: Spool, digest: Digest): Promise<void> {
    const blob = spool instanceof MemorySpool
      ? spool.blob()
      : await new Response(await spool.read()).blob();
    this.#made().blobs.set(digest, blob);
    await spool.remove();
  }

  resolve(reference: string): Promise<Descriptor | undefined> {
    const content = this.#content;
    const digest = content?.tags.get(reference) ?? reference;
    return Promise.resolve(content?.manifests.get(digest)?.descriptor);
  }

  read(node: Descriptor): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.#content?.manifests.get(node.digest)?.bytes);
  }

  put({ descriptor, bytes, tags, manifest }: NewManifest): Promise<void> {
    const content = this.#made();
    content.manifests.set(descriptor.digest, {
      descriptor,
      bytes: new Uint8Array(bytes),
      subject: manifest.subject?.digest,
      referrer: referrerOf(descriptor, manifest),
    });
    for (const tag of tags) content.tags.set(tag, descriptor.digest);
    return Promise.resolve();
  }

  untag(tag: string): Promise<boolean> {
    return Promise.resolve(this.#content?.tags.delete(tag) ?? false);
  }

  removeManifest(digest: Digest): Promise<boolean> {
    const { manifests, tags } = this.#content ?? {};
    for (const [tag, target] of tags ?? []) {
      if (target === digest) tags?.delete(tag);
    }
    return Promise.resolve(manifests?.delete(digest) ?? false);
  }

  tags(): Promise<readonly string[]> {
    return Promise.resolve(
      [...this.#content?.tags.keys() ?? []].sort(compareNames),
    );
  }

  referrers(subject: Digest): Promise<readonly Descriptor[]> {
    const found = [...this.#content?.manifests.values() ?? []]
      .filter((manifest) => manifest.subject === subject)
      .map((manifest) => manifest.referrer)
      .sort((a, b) => compareNames(a.digest, b.digest));
    return Promise.resolve(found);
  }
}
