/**
 * What holds a manifest for its Go type, and what all kinds have.
 *
 * @module
 */
import type { Descriptor } from "../registry/core.ts";
import { MEDIA_TYPES } from "../registry/media_types.ts";
import { rateLimitOf } from "../registry/rate_limit.ts";
import type { Reference } from "../registry/reference.ts";
import {
  BOOL,
  GoError,
  type Method,
  STRING,
  structType,
  type Type,
  type Value,
} from "../template/mod.ts";
import { BYTES, getter, type GetterOptions } from "./declare.ts";
import { DESCRIPTOR } from "./descriptor.ts";
import { DIGEST } from "./digest.ts";
import { HEADER, headersHost } from "./headers.ts";
import { RATE_LIMIT } from "./rate_limit.ts";
import { REF } from "./reference.ts";

/** What is known of a manifest. */
export interface ManifestSource {
  /** Its media type, digest and size. */
  readonly descriptor: Descriptor;
  /** Its bytes; none after a HEAD request. */
  readonly bytes?: Uint8Array | undefined;
  /** The headers of the answer; none from a layout. */
  readonly headers?: Headers | undefined;
}

/** What holds a manifest for its Go type. */
export interface Host {
  /** What is known. */
  readonly source: ManifestSource;
  /** What was asked for. */
  readonly reference: Reference | undefined;
  /** The fields: the JSON object. */
  readonly json: unknown;
}

function isHost(data: unknown): data is Host {
  return typeof data === "object" && data !== null && "source" in data &&
    "json" in data;
}

const EMPTY: Host = {
  source: { descriptor: { mediaType: "", digest: ":", size: 0 } },
  reference: undefined,
  json: undefined,
};

/** The host of a manifest or of its common part, behind the receiver of a method. */
export function hostOf(receiver: Value): Host {
  return isHost(receiver.data) ? receiver.data : EMPTY;
}

const hidden = (
  name: string,
  type: Type,
  read: (host: Host) => unknown,
) => ({
  name,
  type,
  unexported: true,
  get: (host: unknown) => isHost(host) ? read(host) : undefined,
});

/** What all kinds have. */
export const COMMON: Type = structType("manifest.common", {
  fields: () => [
    hidden("r", REF, ({ reference }) => reference),
    hidden("desc", DESCRIPTOR, ({ source }) => source.descriptor),
    hidden("manifSet", BOOL, ({ source }) => source.bytes !== undefined),
    hidden(
      "ratelimit",
      RATE_LIMIT,
      ({ source }) => rateLimitOf(source.headers),
    ),
    hidden("rawHeader", HEADER, ({ source }) => headersHost(source.headers)),
    hidden("rawBody", BYTES, ({ source }) => source.bytes),
  ],
  methods: commonMethods,
});

/** Declares a method of the pointer that reads the host. */
export function hosted(
  name: string,
  result: Type,
  options: Omit<GetterOptions, "read" | "pointer"> & {
    readonly read: (host: Host) => unknown;
  },
): Method {
  const { read, ...rest } = options;
  return getter(name, result, {
    ...rest,
    pointer: true,
    read: (receiver) => read(hostOf(receiver)),
  });
}

/** The methods that all kinds have. */
export function commonMethods(): readonly Method[] {
  return [
    hosted("GetDigest", DIGEST, {
      read: ({ source }) => source.descriptor.digest,
    }),
    hosted("GetDescriptor", DESCRIPTOR, {
      read: ({ source }) => source.descriptor,
    }),
    hosted("GetMediaType", STRING, { read: mediaTypeOf }),
    hosted("GetRateLimit", RATE_LIMIT, {
      read: ({ source }) => rateLimitOf(source.headers),
    }),
    hosted("GetRef", REF, { read: ({ reference }) => reference }),
    hosted("HasRateLimit", BOOL, {
      read: ({ source }) => rateLimitOf(source.headers).set,
    }),
    hosted("IsList", BOOL, {
      read: (host) =>
        mediaTypeOf(host) === MEDIA_TYPES.ociIndex ||
        mediaTypeOf(host) === MEDIA_TYPES.dockerList,
    }),
    hosted("IsSet", BOOL, { read: ({ source }) => source.bytes !== undefined }),
    hosted("RawBody", BYTES, { read: bodyOf, fails: true }),
    hosted("RawHeaders", HEADER, {
      read: ({ source }) => headersHost(source.headers),
      fails: true,
    }),
  ];
}

/** The media type. */
export function mediaTypeOf({ source }: Host): string {
  return source.descriptor.mediaType;
}

/**
 * The bytes.
 *
 * @throws {GoError} After a HEAD request.
 */
export function bodyOf({ source }: Host): Uint8Array {
  if (source.bytes === undefined) throw new GoError("manifest not set");
  return source.bytes;
}
