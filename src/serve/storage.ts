/**
 * What the registry keeps its content in.
 *
 * @module
 */
import type { CallOptions, Descriptor, Digest } from "../registry/core.ts";
import type { Manifest } from "../registry/manifest.ts";
import type { ByteRange } from "./ranges.ts";
import type { Spool } from "./spool.ts";

/** Repositories by name. */
export interface Storage extends AsyncDisposable {
  /** The names of the repositories that hold something, in code unit order. */
  repositories(options?: CallOptions): Promise<readonly string[]>;
  /** A repository; nothing is made before something is stored. */
  repository(name: string): Repository;
}

/** A manifest that is about to be stored: checked, with its children there. */
export interface NewManifest {
  /** Its media type, digest and size. */
  readonly descriptor: Descriptor;
  /** Its bytes as they came. */
  readonly bytes: Uint8Array;
  /** The tags that shall name it. */
  readonly tags: readonly string[];
  /** What its bytes say. */
  readonly manifest: Manifest;
}

/** One repository. All changes are atomic: whole and visible, or not there. */
export interface Repository {
  /** Its name, such as `library/alpine`. */
  readonly name: string;
  /** Tells whether anything was ever stored in it. */
  exists(): Promise<boolean>;

  /** The size of a blob; `undefined` where there is none. */
  size(digest: Digest): Promise<number | undefined>;
  /** Opens a blob; `undefined` where there is none (any more). */
  open(
    digest: Digest,
    range: ByteRange,
  ): Promise<ReadableStream<Uint8Array> | undefined>;
  /** Takes a blob from another repository of the same storage. */
  mount(digest: Digest, from: Repository): Promise<boolean>;
  /** Removes a blob; `false` where there was none. */
  removeBlob(digest: Digest): Promise<boolean>;

  /** A place for the bytes of a new upload. */
  createSpool(id: string): Promise<Spool>;
  /** The bytes of an upload that an earlier run of the server received. */
  findSpool(id: string): Promise<Spool | undefined>;
  /** Makes a spool's bytes, which the caller has hashed, a blob; ends the spool. */
  adopt(spool: Spool, digest: Digest): Promise<void>;

  /** Turns a tag or a digest into a descriptor; `undefined` where there is no such manifest. */
  resolve(reference: string): Promise<Descriptor | undefined>;
  /** The bytes of a manifest that {@linkcode resolve} found. */
  read(node: Descriptor): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Stores a manifest and its tags. */
  put(manifest: NewManifest): Promise<void>;
  /** Removes a tag; `false` where there was none. */
  untag(tag: string): Promise<boolean>;
  /** Removes a manifest and its tags; `false` where there was none. */
  removeManifest(digest: Digest): Promise<boolean>;
  /** All tags, in code unit order. */
  tags(): Promise<readonly string[]>;
  /** The manifests that name `subject`, in the order of their digests. */
  referrers(subject: Digest): Promise<readonly Descriptor[]>;
}
