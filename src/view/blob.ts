/**
 * Blobs as templates see them.
 *
 * @module
 */
import {
  GoError,
  INT64,
  pointerTo,
  structType,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import type { Descriptor } from "../registry/core.ts";
import type { TarHeader } from "../registry/tar/header.ts";
import { BLOB_COMMON, type BlobSource } from "./blob_common.ts";
import { BYTES, getter, readKey } from "./declare.ts";
import { DIGEST } from "./digest.ts";
import { OCI_CONFIG } from "./image.ts";
import { headerHost, TAR_HEADER } from "./tar_header.ts";

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

const FILE = structType("struct { Header *tar.Header; Reader io.Reader }", {
  fields: () => [
    { name: "Header", type: pointerTo(TAR_HEADER) },
    { name: "Reader", type: BYTES },
  ],
});

/** A file of a layer as templates see it; its reader is its bytes. */
export function fileView(header: TarHeader, bytes: Uint8Array): Value {
  return wrap(FILE, { Header: headerHost(header), Reader: bytes });
}
