/**
 * What all blobs have, as templates see them.
 *
 * @module
 */
import {
  BOOL,
  INT64,
  pointerTo,
  STRING,
  structType,
  type Type,
} from "../template/mod.ts";
import type { Descriptor } from "../registry/core.ts";
import type { Reference } from "../registry/reference.ts";
import { getter, type GetterOptions, readKey } from "./declare.ts";
import { DESCRIPTOR } from "./descriptor.ts";
import { DIGEST } from "./digest.ts";
import { HEADER, headersHost } from "./headers.ts";
import { REF } from "./reference.ts";

/** What is known of a blob. */
export interface BlobSource {
  /** Its media type, digest and size. */
  readonly descriptor: Descriptor;
  /** Its bytes; none after a HEAD request. */
  readonly bytes?: Uint8Array | undefined;
  /** The headers of the answer; none from a layout. */
  readonly headers?: Headers | undefined;
  /** What was asked for. */
  readonly reference?: Reference | undefined;
}

const RESPONSE = pointerTo(structType("http.Response"));

/** Reads a key of the blob's descriptor. */
const described = (key: string) => (host: unknown) =>
  readKey(readKey(host, "descriptor"), key);

function headersOf(host: unknown): unknown {
  const headers = readKey(host, "headers");
  return headersHost(headers instanceof Headers ? headers : undefined);
}

/** Declares a method of the pointer that reads a {@linkcode BlobSource}. */
function sourced(
  name: string,
  result: Type,
  read: (host: unknown) => unknown,
) {
  const options: GetterOptions = {
    pointer: true,
    read: ({ data }) => read(data),
  };
  return getter(name, result, options);
}

/** `blob.BCommon`; its data is a {@linkcode BlobSource}. */
export const BLOB_COMMON: Type = structType("blob.BCommon", {
  fields: () => [
    {
      name: "r",
      type: REF,
      unexported: true,
      get: (host) => readKey(host, "reference"),
    },
    {
      name: "desc",
      type: DESCRIPTOR,
      unexported: true,
      get: (host) => readKey(host, "descriptor"),
    },
    {
      name: "blobSet",
      type: BOOL,
      unexported: true,
      get: (host) => readKey(host, "bytes") !== undefined,
    },
    { name: "rawHeader", type: HEADER, unexported: true, get: headersOf },
    { name: "resp", type: RESPONSE, unexported: true },
  ],
  methods: () => [
    sourced("GetDescriptor", DESCRIPTOR, (host) => readKey(host, "descriptor")),
    sourced("Digest", DIGEST, described("digest")),
    sourced("Length", INT64, described("size")),
    sourced("MediaType", STRING, described("mediaType")),
    sourced("RawHeaders", HEADER, headersOf),
    sourced("Response", RESPONSE, () => null),
  ],
});
