/**
 * Blobs as templates see them.
 *
 * @module
 */
import {
  GoError,
  INT,
  INT64,
  localZone,
  mapOf,
  pointerTo,
  STRING,
  structType,
  TIME,
  type Type,
  UINT8,
  type Value,
  wrap,
} from "../template/mod.ts";
import type { Descriptor } from "../registry/core.ts";
import { BLOB_COMMON, type BlobSource } from "./blob_common.ts";
import { BYTES, getter, jsonField, readKey } from "./declare.ts";
import { DIGEST } from "./digest.ts";
import { OCI_CONFIG } from "./image.ts";

/** `blob.BReader`; its JSON is an empty object. */
export const BLOB_READER: Type = structType("blob.BReader", {
  fields: () => [
    {
      name: "BCommon",
      type: BLOB_COMMON,
      embedded: true,
      get: (host) => host,
    },
    { name: "readBytes", type: INT64, unexported: true },
  ],
  methods: () => [
    getter("RawBody", BYTES, {
      pointer: true,
      fails: true,
      read: ({ data }) => bytesOf(data),
    }),
    getter("ToOCIConfig", pointerTo(OCI_CONFIG), {
      pointer: true,
      fails: true,
      read: ({ data }) => configOf(data),
    }),
  ],
});

/**
 * The bytes.
 *
 * @throws {GoError} After a HEAD request.
 */
function bytesOf(source: unknown): Uint8Array {
  const bytes = readKey(source, "bytes");
  if (bytes instanceof Uint8Array) return bytes;
  throw new GoError("blob is not defined");
}

function configOf(source: unknown): unknown {
  try {
    const text = new TextDecoder().decode(bytesOf(source));
    return { source, json: JSON.parse(text) };
  } catch (cause) {
    if (cause instanceof GoError) throw cause;
    throw new GoError("error parsing image config", { cause });
  }
}

/** A blob as templates see it. */
export function blobView(source: BlobSource): Value {
  return wrap(pointerTo(BLOB_READER), source);
}

const PUT = structType("struct { Digest digest.Digest; Size int64 }", {
  fields: () => [
    { name: "Digest", type: DIGEST, get: (host) => readKey(host, "digest") },
    { name: "Size", type: INT64, get: (host) => readKey(host, "size") },
  ],
});

/** What pushing a blob gives. */
export function blobPutView(descriptor: Descriptor): Value {
  return wrap(PUT, descriptor);
}

/** A file in a layer: the fields of Go's `tar.Header`. */
export interface TarHeader {
  /** The kind of entry, one byte. */
  readonly typeflag: number;
  /** The path. */
  readonly name: string;
  /** Where a link goes. */
  readonly linkname?: string;
  /** How many bytes the file has. */
  readonly size: number;
  /** The permissions. */
  readonly mode: number;
  /** The owner's number. */
  readonly uid: number;
  /** The group's number. */
  readonly gid: number;
  /** The owner's name. */
  readonly uname?: string;
  /** The group's name. */
  readonly gname?: string;
  /** When it was changed, in seconds since 1970. */
  readonly modTime: number;
  /** Extended attributes. */
  readonly pax?: Readonly<Record<string, string>>;
}

const lower = (name: string, type: Type) => ({
  name,
  type,
  get: (host: unknown) => readKey(host, name.toLowerCase()),
});

const HEADER = structType("tar.Header", {
  fields: () => [
    lower("Typeflag", UINT8),
    lower("Name", STRING),
    lower("Linkname", STRING),
    lower("Size", INT64),
    lower("Mode", INT64),
    lower("Uid", INT),
    lower("Gid", INT),
    lower("Uname", STRING),
    lower("Gname", STRING),
    { ...lower("ModTime", TIME), get: modTime },
    jsonField("PAXRecords", mapOf(STRING, STRING), { json: "pax" }),
  ],
});

function modTime(host: unknown): unknown {
  const seconds = readKey(host, "modTime");
  if (typeof seconds !== "number") return null;
  const whole = Math.floor(seconds);
  const nanoseconds = Math.round((seconds - whole) * 1e9);
  return { seconds: whole, nanoseconds, zone: localZone() };
}

const FILE = structType("struct { Header *tar.Header; Reader io.Reader }", {
  fields: () => [
    { name: "Header", type: pointerTo(HEADER) },
    { name: "Reader", type: BYTES },
  ],
});

/** A file of a layer as templates see it; its reader is its bytes. */
export function fileView(header: TarHeader, bytes: Uint8Array): Value {
  return wrap(FILE, { Header: header, Reader: bytes });
}
