/**
 * A store that says what would be changed, and changes nothing.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
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
  ReferrersOptions,
  Resolved,
  Store,
} from "./core.ts";
import { isRegError } from "../base/errors.ts";

/** One change that a dry run leaves out. */
export interface DryChange {
  /** What would be done. */
  readonly type:
    | "push blob"
    | "put manifest"
    | "tag"
    | "delete tag"
    | "delete manifest"
    | "delete blob";
  /** Where, as {@linkcode Source.name} says it. */
  readonly store: string;
  /** To what. */
  readonly node?: Descriptor;
  /** Under which tag. */
  readonly tag?: string;
}

/**
 * Reads from a store; what is written is only remembered, so that what follows
 * sees it.
 */
export class DryStore
  implements Store, Omit<Abilities, "mount" | "transfer">, AsyncDisposable {
  readonly #store: Store & Partial<Abilities> & Partial<AsyncDisposable>;
  readonly #onChange: (change: DryChange) => void | Promise<void>;
  readonly #blobs = new Set<string>();
  readonly #manifests = new Map<string, ManifestBytes>();
  readonly #tags = new Map<string, Descriptor>();

  /**
   * Wraps a store.
   *
   * @param store Is read, never written.
   * @param onChange Called for each change that is left out.
   */
  constructor(
    store: Store & Partial<Abilities> & Partial<AsyncDisposable>,
    onChange: (change: DryChange) => void | Promise<void>,
  ) {
    this.#store = store;
    this.#onChange = onChange;
  }

  /** See {@linkcode Source.name}. */
  get name(): string {
    return this.#store.name;
  }

  /** See {@linkcode Source.host}. */
  get host(): string {
    return this.#store.host;
  }

  /** See {@linkcode Source.repository}. */
  get repository(): string {
    return this.#store.repository;
  }

  async #change(change: Omit<DryChange, "store">): Promise<void> {
    await this.#onChange({ ...change, store: this.name });
  }

  /** Turns a tag or a digest into a descriptor. */
  async resolve(
    tagOrDigest: string,
    options: CallOptions = {},
  ): Promise<Resolved> {
    return this.#written(tagOrDigest)?.descriptor ??
      await this.#store.resolve(tagOrDigest, options);
  }

  /** Reads a manifest. */
  async manifest(
    tagOrDigest: string,
    options: CallOptions = {},
  ): Promise<ManifestBytes> {
    return this.#written(tagOrDigest) ??
      await this.#store.manifest(tagOrDigest, options);
  }

  #written(tagOrDigest: string): ManifestBytes | undefined {
    const digest = this.#tags.get(tagOrDigest)?.digest ?? tagOrDigest;
    return this.#manifests.get(digest);
  }

  /** Streams the bytes of a blob; one that was only said to be pushed is not there. */
  async open(
    node: Descriptor,
    options: OpenOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    return await this.#store.open(node, options);
  }

  /** Tells whether the blob or the manifest is there, or would be by now. */
  async exists(node: Descriptor, options: CallOptions = {}): Promise<boolean> {
    if (this.#blobs.has(node.digest) || this.#manifests.has(node.digest)) {
      return true;
    }
    try {
      return await this.#store.exists(node, options);
    } catch (error) {
      // A repository that the run itself would make.
      if (isRegError(error, "not_found")) return false;
      throw error;
    }
  }

  /** Says that a blob would be stored. */
  async push(
    node: Descriptor,
    _body: Body,
    _options: PushOptions = {},
  ): Promise<void> {
    this.#blobs.add(node.digest);
    await this.#change({ type: "push blob", node });
  }

  /** Says that a manifest would be stored. */
  async putManifest(
    node: Descriptor,
    bytes: Uint8Array,
    options: PushOptions = {},
  ): Promise<void> {
    const { tag } = options;
    this.#manifests.set(node.digest, {
      descriptor: node,
      bytes: new Uint8Array(bytes),
    });
    if (tag !== undefined) this.#tags.set(tag, node);
    await this.#change({
      type: "put manifest",
      node,
      ...(tag === undefined ? {} : { tag }),
    });
  }

  /** Lists tags, as they are. */
  tags(options: ListOptions = {}): AsyncIterable<Page> {
    return this.#need("tags").tags(options);
  }

  /** Lists referrers, as they are. */
  async referrers(
    node: Descriptor,
    options: ReferrersOptions = {},
  ): Promise<Referrers> {
    return await this.#need("referrers").referrers(node, options);
  }

  /** Says that a tag would be set. */
  async tag(
    node: Descriptor,
    tag: string,
    _options: CallOptions = {},
  ): Promise<void> {
    this.#tags.set(tag, node);
    await this.#change({ type: "tag", node, tag });
  }

  /** Says that a tag would be deleted; it must be there. */
  async untag(tag: string, options: CallOptions = {}): Promise<void> {
    const node = await this.resolve(tag, options);
    this.#tags.delete(tag);
    await this.#change({ type: "delete tag", node, tag });
  }

  /** Says that a manifest would be deleted; it must be there. */
  async deleteManifest(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<void> {
    await this.resolve(node.digest, options);
    this.#manifests.delete(node.digest);
    await this.#change({ type: "delete manifest", node });
  }

  /** Describes a blob by its digest. */
  async stat(digest: Digest, options: CallOptions = {}): Promise<Resolved> {
    return await this.#need("stat").stat(digest, options);
  }

  /** Changes nothing: the deletion that follows is what is said. */
  unlist(_node: Descriptor, _options: CallOptions = {}): Promise<void> {
    return Promise.resolve();
  }

  /** Says that a blob would be deleted; it must be there. */
  async deleteBlob(node: Descriptor, options: CallOptions = {}): Promise<void> {
    if (!await this.exists(node, options)) {
      throw new RegError(
        "not_found",
        `Cannot delete blob ${node.digest} of "${this.name}": not found`,
      );
    }
    this.#blobs.delete(node.digest);
    await this.#change({ type: "delete blob", node });
  }

  #need<A extends keyof Abilities>(ability: A): Pick<Abilities, A> {
    const store: Partial<Abilities> = this.#store;
    if (!has(store, ability)) {
      throw new RegError(
        "unsupported",
        `Cannot use "${this.name}" so: it has no ${ability}`,
      );
    }
    return store;
  }

  /** Closes the store. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store[Symbol.asyncDispose]?.();
  }
}

function has<A extends keyof Abilities>(
  store: Partial<Abilities>,
  ability: A,
): store is Pick<Abilities, A> {
  return store[ability] !== undefined;
}
