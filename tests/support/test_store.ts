/**
 * A store in memory that keeps a journal of its calls and fails on demand: for
 * tests of what is written against the contracts.
 */
import { RegError } from "../../src/base/errors.ts";
import { collect, fromBytes, skipped } from "../../src/base/streams.ts";
import type {
  Abilities,
  Body,
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
} from "../../src/registry/core.ts";
import { isDigest } from "../../src/registry/digest.ts";
import {
  describeManifest,
  parseManifest,
} from "../../src/registry/manifest.ts";
import { verifyBytes } from "../../src/registry/verify.ts";
import type { Graph } from "./images.ts";

/** A registry that remembers which of its repositories has what. */
export class TestHost {
  readonly blobs: Map<string, Map<string, Uint8Array>> = new Map();
  /** The journal: `verb repository tag-or-digest`. */
  readonly calls: string[] = [];
  /** Called before each call: may throw, may wait. */
  before: (call: string) => void | Promise<void> = () => {};
  /** Whether mounts from named repositories work. */
  mounts = true;

  constructor(readonly name: string) {}

  repository(name: string): TestStore {
    return new TestStore(this, name);
  }

  /** The calls that start with a verb. */
  count(verb: string): number {
    return this.calls.filter((call) => call.startsWith(`${verb} `)).length;
  }
}

export class TestStore
  implements Store, Pick<Abilities, "mount" | "tags" | "referrers"> {
  readonly name: string;
  readonly host: string;
  readonly manifests: Map<Digest, ManifestBytes> = new Map();
  readonly tagged: Map<string, Digest> = new Map();
  readonly #host: TestHost;

  constructor(host: TestHost, readonly repository: string) {
    this.#host = host;
    this.host = host.name;
    this.name = `${host.name}/${repository}`;
  }

  get blobs(): Map<string, Uint8Array> {
    const blobs = this.#host.blobs.get(this.repository) ?? new Map();
    this.#host.blobs.set(this.repository, blobs);
    return blobs;
  }

  /** Puts an image there, without a call in the journal. */
  fill(graph: Graph, tag?: string): void {
    for (const { descriptor, bytes } of graph.blobs) {
      this.blobs.set(descriptor.digest, bytes);
    }
    for (const { descriptor, bytes } of graph.manifests) {
      this.manifests.set(descriptor.digest, { descriptor, bytes });
    }
    if (tag !== undefined) this.tagged.set(tag, graph.root.digest);
  }

  async #call(verb: string, what: string): Promise<void> {
    const call = `${verb} ${this.repository} ${what}`;
    this.#host.calls.push(call);
    await this.#host.before(call);
  }

  #find(tagOrDigest: string): ManifestBytes {
    const digest = isDigest(tagOrDigest)
      ? tagOrDigest
      : this.tagged.get(tagOrDigest);
    const found = digest && this.manifests.get(digest);
    if (found) return found;
    throw new RegError("not_found", `not found: ${this.name} ${tagOrDigest}`);
  }

  async resolve(tagOrDigest: string): Promise<Resolved> {
    await this.#call("resolve", tagOrDigest);
    return this.#find(tagOrDigest).descriptor;
  }

  async manifest(tagOrDigest: string): Promise<ManifestBytes> {
    await this.#call("manifest", tagOrDigest);
    return this.#find(tagOrDigest);
  }

  async open(
    node: Descriptor,
    options: OpenOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    await this.#call("open", node.digest);
    const bytes = this.blobs.get(node.digest);
    if (bytes) return skipped(fromBytes(bytes), options.offset ?? 0);
    throw new RegError("not_found", `not found: ${this.name} ${node.digest}`);
  }

  async exists(node: Descriptor): Promise<boolean> {
    await this.#call("exists", node.digest);
    return this.blobs.has(node.digest);
  }

  async push(
    node: Descriptor,
    body: Body,
    options: PushOptions = {},
  ): Promise<void> {
    await this.#call("push", node.digest);
    const bytes = await collect(await body(), 1e9);
    verifyBytes(bytes, node);
    options.onBytes?.(bytes.length);
    this.blobs.set(node.digest, bytes);
  }

  async putManifest(
    node: Descriptor,
    bytes: Uint8Array,
    options: PushOptions = {},
  ): Promise<void> {
    await this.#call("put", options.tag ?? node.digest);
    options.signal?.throwIfAborted();
    verifyBytes(bytes, node);
    this.manifests.set(node.digest, describeManifest(bytes, node.mediaType));
    if (options.tag !== undefined) this.tagged.set(options.tag, node.digest);
  }

  async mount(node: Descriptor, from: readonly string[]): Promise<boolean> {
    await this.#call("mount", node.digest);
    if (!this.#host.mounts) return false;
    const bytes = from.map((name) => this.#host.blobs.get(name))
      .find((blobs) => blobs?.has(node.digest))?.get(node.digest);
    if (bytes) this.blobs.set(node.digest, bytes);
    return bytes !== undefined;
  }

  async *tags(_options?: ListOptions): AsyncIterable<Page> {
    await this.#call("tags", "");
    yield { names: [...this.tagged.keys()], bytes: new Uint8Array() };
  }

  async referrers(node: Descriptor): Promise<Referrers> {
    await this.#call("referrers", node.digest);
    const descriptors = [...this.manifests.values()]
      .filter(({ bytes, descriptor }) =>
        parseManifest(bytes, descriptor.mediaType).subject?.digest ===
          node.digest
      )
      .map(({ descriptor }) => descriptor);
    return { descriptors };
  }
}
