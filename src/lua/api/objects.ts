/**
 * The objects that scripts hold: a script has a number, the content is here.
 *
 * @module
 */
import type { Descriptor } from "../../registry/core.ts";
import type { JsonObject } from "../../registry/go_json.ts";
import type { Manifest } from "../../registry/manifest.ts";
import type { Reference } from "../../registry/reference.ts";
import { HostHandle, type HostStruct } from "../codec.ts";

/** The classes by their numbers: the names of their global tables. */
export const CLASSES = [
  "reference",
  "manifest",
  "imageconfig",
  "blob",
  "FILE*",
] as const;

/** A reference that a script can change. */
export class ReferenceObject {
  /** What it names now. */
  ref: Reference;
  /** Makes one. */
  constructor(ref: Reference) {
    this.ref = ref;
  }
}

/** A manifest, or what a HEAD request told of one. */
export class ManifestObject {
  /** Where it was found. */
  readonly ref: Reference;
  /** Media type, digest and size. */
  readonly descriptor: Descriptor;
  /** The headers of the answer. */
  readonly headers: Headers | undefined;
  /** The content; absent after a HEAD request. */
  readonly content: ManifestContent | undefined;
  /** Makes one. */
  constructor(fields: {
    readonly ref: Reference;
    readonly descriptor: Descriptor;
    readonly headers?: Headers | undefined;
    readonly content?: ManifestContent | undefined;
  }) {
    this.ref = fields.ref;
    this.descriptor = fields.descriptor;
    this.headers = fields.headers;
    this.content = fields.content;
  }
}

/** The content of a manifest. */
export interface ManifestContent {
  /** As it was received. */
  readonly bytes: Uint8Array;
  /** Parsed. */
  readonly manifest: Manifest;
  /** The same with numbers as they were written. */
  readonly json: JsonObject;
}

/** An image's config. */
export class ConfigObject {
  /** The manifest that named it. */
  readonly manifest: ManifestObject;
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** What names them. */
  readonly descriptor: Descriptor;
  /** The content, with numbers as they were written. */
  readonly json: JsonObject;
  /** Makes one. */
  constructor(
    manifest: ManifestObject,
    content: {
      readonly bytes: Uint8Array;
      readonly descriptor: Descriptor;
      readonly json: JsonObject;
    },
  ) {
    this.manifest = manifest;
    this.bytes = content.bytes;
    this.descriptor = content.descriptor;
    this.json = content.json;
  }
}

/** A blob that is read when it is used, as often as it is. */
export class BlobObject {
  /** Where it is. */
  readonly ref: Reference;
  /** What names it; the size is -1 where it is not known. */
  readonly descriptor: Descriptor;
  /** Whether it was only looked for. */
  readonly headOnly: boolean;
  /** Makes one. */
  constructor(ref: Reference, descriptor: Descriptor, headOnly: boolean) {
    this.ref = ref;
    this.descriptor = descriptor;
    this.headOnly = headOnly;
  }
}

/** A file that a script opened. */
export class FileObject {
  /** How messages name it. */
  readonly path: string;
  /** The file; absent in a dry run, and when it is closed. */
  file: Deno.FsFile | undefined;
  /** Whether it was closed. */
  closed = false;
  /** Makes one. */
  constructor(path: string, file: Deno.FsFile | undefined) {
    this.path = path;
    this.file = file;
  }
}

/** Any of them. */
export type ApiObject =
  | ReferenceObject
  | ManifestObject
  | ConfigObject
  | BlobObject
  | FileObject;

/** The most objects that one script may hold. */
const MOST = 100_000;

/** The objects of one run of a script. */
export class Objects {
  readonly #objects = new Map<number, ApiObject>();
  #next = 1;

  /** Keeps an object for a script. */
  add(object: ApiObject, fields?: HostStruct): HostHandle {
    if (this.#objects.size >= MOST) {
      throw new Error("the script holds too many objects");
    }
    const id = this.#next++;
    this.#objects.set(id, object);
    return new HostHandle(kindOf(object), id, fields);
  }

  /** The object that a script's number stands for. */
  get(id: number): ApiObject | undefined {
    return this.#objects.get(id);
  }

  /** Forgets an object. */
  release(id: number): void {
    const object = this.#objects.get(id);
    this.#objects.delete(id);
    if (object instanceof FileObject) closeFile(object);
  }

  /** Forgets all. */
  clear(): void {
    for (const id of [...this.#objects.keys()]) this.release(id);
  }
}

/** Closes a file, where it is open. */
export function closeFile(object: FileObject): void {
  object.file?.close();
  object.file = undefined;
  object.closed = true;
}

function kindOf(object: ApiObject): number {
  if (object instanceof ReferenceObject) return 0;
  if (object instanceof ManifestObject) return 1;
  if (object instanceof ConfigObject) return 2;
  return object instanceof BlobObject ? 3 : 4;
}
