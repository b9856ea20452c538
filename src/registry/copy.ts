/**
 * The copy engine: one function for every pair of stores.
 *
 * Children are copied before their parents, several at a time; what names the
 * image, its tag, is written last. So an interrupted copy leaves nothing that
 * looks whole, and the next one sends only what is missing.
 *
 * @module
 */
import { isAbort, isRegError, RegError } from "../base/errors.ts";
import { inParallel } from "../base/in_parallel.ts";
import { LinkedAbort } from "../base/linked_abort.ts";
import type { Descriptor, ManifestBytes, Resolved } from "./core.ts";
import { copyBlob } from "./copy_blob.ts";
import { at } from "./copy_error.ts";
import { copyExtras } from "./copy_extras.ts";
import type {
  Copy,
  CopyGraphOptions,
  CopyOptions,
  CopyResult,
  CopyStep,
} from "./copy_options.ts";
import { isDigest } from "./digest.ts";
import { childrenOf, parseManifest } from "./manifest.ts";
import { isBlobType, isIndexType, isManifestType } from "./media_types.ts";
import { Run } from "./run.ts";

export { CopyError } from "./copy_error.ts";
export type {
  CopyEvent,
  CopyGraphOptions,
  CopyReferrersOptions,
  CopyResult,
  CopyStep,
} from "./copy_options.ts";
export { Run } from "./run.ts";

/** The deepest nesting of indexes: far beyond use, far below our stack. */
const DEPTH = 100;
/**
 * How many entries of one index are under way at a time: more than any host
 * takes, and few enough for an index of any length.
 */
const AT_ONCE = 64;

/**
 * Copies all that a root reaches.
 *
 * @param root The tag or the digest at the source.
 * @throws {CopyError} with the code of what failed first; nothing is tagged then.
 */
export async function copyGraph(
  root: string,
  options: CopyGraphOptions,
): Promise<CopyResult> {
  using copy = new GraphCopy(options);
  return await copy.start(root);
}

/**
 * Copies one blob, of which nothing else is known to be needed.
 *
 * @param node Its size may be unknown, which is negative.
 * @throws {CopyError} with the code of what failed.
 */
export async function copySingleBlob(
  node: Descriptor,
  options: CopyGraphOptions,
): Promise<void> {
  using copy = new GraphCopy(options);
  await copyBlob(copy, node);
}

/** One copy: its options, and the manifests that it came by. */
class GraphCopy implements Copy, Disposable {
  /** The options, completed. */
  readonly options: CopyOptions;
  /** The manifests that the root reaches, itself first. */
  readonly manifests: Descriptor[] = [];
  readonly #link: LinkedAbort;
  readonly #listing: boolean;
  readonly #noted = new Set<string>();
  #failure: unknown;

  /**
   * Makes a copy.
   *
   * @param listing Whether to list the manifests below one that is not copied:
   * they may have referrers. By default where referrers or digest tags are copied.
   */
  constructor(options: CopyGraphOptions, listing?: boolean) {
    const { run = new Run(), skip = "graph", signal, referrers, digestTags } =
      options;
    this.#link = new LinkedAbort(signal);
    this.options = {
      ...options,
      run,
      skip,
      signal: this.#link.signal,
    };
    this.#listing = listing ??
      (referrers !== undefined || digestTags === true);
  }

  /** Lets go of the caller's signal, which may live for months. */
  [Symbol.dispose](): void {
    this.#link[Symbol.dispose]();
  }

  /** Copies the root and what belongs to it; tags it last. */
  async start(root: string): Promise<CopyResult> {
    const { tag, skip } = this.options;
    const there = this.options.there === undefined
      ? await this.#atTarget(tag ?? (isDigest(root) ? root : ""))
      : this.options.there ?? undefined;
    if (there && skip === "graph") {
      const digest = isDigest(root) ? root : await this.#sourceDigest(root);
      if (there.digest === digest) return await this.#trust(there);
      return await this.#copy(digest, there);
    }
    return await this.#copy(root, there);
  }

  /** The target has the root: what is below it is there, too. */
  async #trust(there: Resolved): Promise<CopyResult> {
    const { fast = false } = this.options;
    if (this.#listing && !fast) {
      await this.#note(there);
      await copyExtras(this);
    }
    this.emit("skipped", there);
    return { root: there, skipped: true };
  }

  async #copy(
    tagOrDigest: string,
    there: Resolved | undefined,
  ): Promise<CopyResult> {
    const { tag, skip, child } = this.options;
    const top = await this.#read(tagOrDigest);
    this.emit("queued", top.descriptor);
    await this.#children(top, 0);
    await copyExtras(this);
    const same = there?.digest === top.descriptor.digest;
    if (same && skip !== "nothing") this.emit("skipped", top.descriptor);
    else await this.#put(top, { tag, child });
    return { root: top.descriptor, skipped: false };
  }

  /** Copies an entry of an index and all below it. */
  async #entry(node: Descriptor, depth: number): Promise<void> {
    if (depth > DEPTH) {
      const name = `${this.options.from.name}@${node.digest}`;
      throw new RegError(
        "limit",
        `Cannot copy ${
          JSON.stringify(name)
        }: indexes are nested deeper than ${DEPTH}`,
      );
    }
    if (isManifestType(node.mediaType)) {
      return await this.#manifest(node, depth);
    }
    if (isBlobType(node.mediaType)) return await copyBlob(this, node);
    // An index may hold anything: what is no manifest is a blob.
    try {
      await this.#manifest(node, depth);
    } catch (error) {
      if (!isRegError(error, "not_found", "unsupported", "invalid")) {
        throw error;
      }
      await copyBlob(this, node);
    }
  }

  /** Runs work on many nodes, several at once; the first failure stops the whole copy. */
  async all<T>(
    items: Iterable<T>,
    work: (item: T) => Promise<unknown>,
  ): Promise<void> {
    const watched = async (item: T) => {
      try {
        await work(item);
      } catch (error) {
        if (!isAbort(error)) this.#failure ??= error;
        // An abort, not the error itself: others may wait for what this stops.
        this.#link.abort();
        throw error;
      }
    };
    const list = [...items];
    try {
      // Nothing goes on behind the caller's back after this returns.
      await inParallel(list, watched, {
        limit: Math.min(AT_ONCE, list.length),
      });
    } catch (error) {
      throw this.#failure ?? error;
    }
  }

  /** Reports a step of a node. */
  emit(type: CopyStep, node: Descriptor): void {
    this.options.onEvent?.({ type, node });
  }

  /** A copy of another root that belongs to this one: no tag, no extras of its own. */
  another(change: Partial<CopyGraphOptions>): GraphCopy {
    const { referrers: _, digestTags: __, tag: ___, there: ____, ...rest } =
      this.options;
    return new GraphCopy({ ...rest, child: false, ...change }, true);
  }

  async #sourceDigest(tag: string): Promise<string> {
    const { from, signal } = this.options;
    const found = await at(
      "source",
      ["find manifest", from],
      () => from.resolve(tag, { signal }),
    );
    return found.digest;
  }

  async #atTarget(tagOrDigest: string): Promise<Resolved | undefined> {
    const { to, signal } = this.options;
    if (tagOrDigest === "") return undefined;
    return await at("target", ["find manifest", to], async () => {
      try {
        return await to.resolve(tagOrDigest, { signal });
      } catch (error) {
        // Who may push may not always pull: what else is wrong, the push will say.
        if (!isRegError(error) || isRegError(error, "network", "timeout")) {
          throw error;
        }
        return undefined;
      }
    });
  }

  async #read(tagOrDigest: string, node?: Descriptor): Promise<ManifestBytes> {
    const { from, signal } = this.options;
    return await at("source", ["get manifest", from, node], async () => {
      const found = await from.manifest(tagOrDigest, { signal });
      if (node && found.bytes.length !== node.size) {
        throw new RegError(
          "mismatch",
          `size mismatch [expected ${node.size}, received ${found.bytes.length}]`,
        );
      }
      return found;
    });
  }

  async #manifest(node: Descriptor, depth: number): Promise<void> {
    const { run, to, skip, signal } = this.options;
    const key = `${skip} ${to.name}@${node.digest}`;
    const did = await run.once(key, async () => {
      this.emit("queued", node);
      const there = skip === "nothing"
        ? undefined
        : await this.#atTarget(node.digest);
      if (there && skip === "graph") {
        this.emit("skipped", node);
        return await this.#note(node);
      }
      const found = await this.#read(node.digest, node);
      await this.#children(found, depth);
      if (there) this.emit("skipped", node);
      else await this.#put(found, { child: true });
    }, { signal });
    if (!did) await this.#note(node);
  }

  /** Copies what is inside a manifest. */
  async #children(parent: ManifestBytes, depth: number): Promise<void> {
    const { from, to, keep = () => true } = this.options;
    if (from.name === to.name) {
      // The same repository has it all; only what points at it matters.
      return await this.#note(parent.descriptor, parent);
    }
    this.manifests.push(parent.descriptor);
    const manifest = parseManifest(parent.bytes, parent.descriptor.mediaType);
    const children = childrenOf(manifest).filter((c) => keep(c, manifest));
    const distinct = new Map(children.map((c) => [c.digest, c]));
    await this.all(
      distinct.values(),
      (child) =>
        manifest.kind === "index"
          ? this.#entry(child, depth + 1)
          : copyBlob(this, child),
    );
  }

  /** Notes a manifest that is not copied, and the ones below it. */
  async #note(node: Descriptor, known?: ManifestBytes): Promise<void> {
    // Once each: indexes that share entries would make the ways to them countless.
    if (this.#noted.has(node.digest)) return;
    this.#noted.add(node.digest);
    this.manifests.push(node);
    if (!this.#listing || !isIndexType(node.mediaType)) return;
    const { keep = () => true } = this.options;
    const { bytes, descriptor } = known ?? await this.#read(node.digest, node);
    const manifest = parseManifest(bytes, descriptor.mediaType);
    const children = childrenOf(manifest).filter((child) =>
      isManifestType(child.mediaType) && keep(child, manifest)
    );
    await this.all(children, (child) => this.#note(child));
  }

  async #put(
    manifest: ManifestBytes,
    how: {
      readonly tag?: string | undefined;
      readonly child?: boolean | undefined;
    },
  ): Promise<void> {
    const { to, signal } = this.options;
    const node = manifest.descriptor;
    this.emit("started", node);
    await at(
      "target",
      ["push manifest", to, node],
      () => to.putManifest(node, manifest.bytes, { ...how, signal }),
    );
    this.emit("finished", node);
  }
}
