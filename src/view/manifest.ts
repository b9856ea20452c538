/**
 * Manifests as templates see them.
 *
 * @module
 */
import {
  ANY,
  BOOL,
  ERROR,
  functionOf,
  GoError,
  INT64,
  interfaceType,
  type Method,
  pointerTo,
  sliceOf,
  STRING,
  structType,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import type { Descriptor, Platform } from "../registry/core.ts";
import { parseManifest } from "../registry/manifest.ts";
import { MEDIA_TYPES } from "../registry/media_types.ts";
import { formatPlatform, selectPlatform } from "../registry/platform.ts";
import { rateLimitOf } from "../registry/rate_limit.ts";
import type { Reference } from "../registry/reference.ts";
import {
  BYTES,
  field,
  getter,
  type GetterOptions,
  prettyMethod,
  readKey,
} from "./declare.ts";
import {
  ANNOTATIONS,
  DESCRIPTOR,
  descriptorsOf,
  toDescriptor,
} from "./descriptor.ts";
import { DIGEST } from "./digest.ts";
import { HEADER, headersHost } from "./headers.ts";
import { manifestRows } from "./manifest_table.ts";
import { alignRows } from "./aligned.ts";
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  OCI_ARTIFACT,
  OCI_INDEX,
  OCI_MANIFEST,
  SCHEMA_1,
  SCHEMA_1_SIGNED,
} from "./manifest_types.ts";
import { PLATFORM, platformOf } from "./platform.ts";
import { RATE_LIMIT } from "./rate_limit.ts";
import { REF } from "./reference.ts";
import { signedPayload } from "./signed_payload.ts";

/** What is known of a manifest. */
export interface ManifestSource {
  /** Its media type, digest and size. */
  readonly descriptor: Descriptor;
  /** Its bytes; none after a HEAD request. */
  readonly bytes?: Uint8Array | undefined;
  /** The headers of the answer; none from a layout. */
  readonly headers?: Headers | undefined;
}

/** Options for {@linkcode manifestView}. */
export interface ManifestViewOptions {
  /** What was asked for. */
  readonly reference?: Reference | undefined;
}

/** What holds a manifest for its Go type. */
interface Host {
  readonly source: ManifestSource;
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
function hostOf(receiver: Value): Host {
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
const COMMON: Type = structType("manifest.common", {
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
function hosted(
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

function commonMethods(): readonly Method[] {
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

function mediaTypeOf({ source }: Host): string {
  return source.descriptor.mediaType;
}

/**
 * The bytes.
 *
 * @throws {GoError} After a HEAD request.
 */
function bodyOf({ source }: Host): Uint8Array {
  if (source.bytes === undefined) throw new GoError("manifest not set");
  return source.bytes;
}

/** What a kind of manifest can answer; it refuses the rest. */
type Answers = "config" | "layers" | "manifests" | "notes" | "subject" | "size";

interface Kind {
  /** The name of the Go type in package manifest. */
  readonly name: string;
  /** The embedded struct, and its name as a field. */
  readonly body: Type;
  readonly field: string;
  readonly answers: readonly Answers[];
}

const IMAGE = ["config", "layers", "notes", "size"] as const;

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  [MEDIA_TYPES.ociManifest, {
    name: "oci1Manifest",
    body: OCI_MANIFEST,
    field: "Manifest",
    answers: [...IMAGE, "subject"],
  }],
  [MEDIA_TYPES.ociIndex, {
    name: "oci1Index",
    body: OCI_INDEX,
    field: "Index",
    answers: ["manifests", "notes", "subject"],
  }],
  [MEDIA_TYPES.ociArtifact, {
    name: "oci1Artifact",
    body: OCI_ARTIFACT,
    field: "ArtifactManifest",
    answers: ["layers", "notes", "subject", "size"],
  }],
  [MEDIA_TYPES.dockerManifest, {
    name: "docker2Manifest",
    body: DOCKER_MANIFEST,
    field: "Manifest",
    answers: IMAGE,
  }],
  [MEDIA_TYPES.dockerList, {
    name: "docker2ManifestList",
    body: DOCKER_LIST,
    field: "ManifestList",
    answers: ["manifests", "notes"],
  }],
  [MEDIA_TYPES.dockerV1, {
    name: "docker1Manifest",
    body: SCHEMA_1,
    field: "Manifest",
    answers: ["layers"],
  }],
  [MEDIA_TYPES.dockerV1Signed, {
    name: "docker1SignedManifest",
    body: SCHEMA_1_SIGNED,
    field: "SignedManifest",
    answers: ["layers"],
  }],
]);

/** The Go type of each kind, by media type. */
export const MANIFEST_TYPES: ReadonlyMap<string, Type> = new Map(
  Array.from(KINDS, ([mediaType, kind]) => [mediaType, declare(kind)]),
);

function declare(kind: Kind): Type {
  return structType(`manifest.${kind.name}`, {
    fields: () => [
      {
        name: "common",
        type: COMMON,
        embedded: true,
        unexported: true,
        get: (host) => host,
      },
      {
        name: kind.field,
        type: kind.body,
        embedded: true,
        get: (host) => readKey(host, "json"),
      },
    ],
    methods: () => kindMethods(kind),
  });
}

function kindMethods(kind: Kind): readonly Method[] {
  const { answers } = kind;
  const methods = [
    ...contentMethods(kind),
    ...platformMethods(kind),
    getter("GetOrig", ANY, {
      pointer: true,
      read: (receiver) => wrap(kind.body, hostOf(receiver).json),
    }),
    hosted("MarshalJSON", BYTES, { read: bodyOf, fails: true }),
    prettyMethod(
      (receiver) =>
        receiver.isNil ? "" : alignRows(manifestRows(bodyView(kind, receiver), {
          descriptor: hostOf(receiver).source.descriptor,
          reference: hostOf(receiver).reference,
        })),
      { pointer: true },
    ),
  ];
  if (answers.includes("notes")) {
    methods.push(part("GetAnnotations", ANNOTATIONS, kind, "Annotations"));
  }
  if (answers.includes("subject")) {
    methods.push(part("GetSubject", pointerTo(DESCRIPTOR), kind, "Subject"));
  }
  return methods;
}

/** The embedded struct of a manifest. */
function bodyView(kind: Kind, receiver: Value): Value {
  return wrap(kind.body, hostOf(receiver).json);
}

/** Declares a method that gives a field, once the manifest is there. */
function part(
  name: string,
  result: Type,
  ...[kind, from]: readonly [kind: Kind, from: string]
): Method {
  return getter(name, result, {
    pointer: true,
    fails: true,
    read: (receiver) => {
      bodyOf(hostOf(receiver));
      return field(bodyView(kind, receiver), from);
    },
  });
}

/** Declares a method that this kind refuses. */
function refused(name: string, result: Type, what: string): Method {
  return hosted(name, result, {
    fails: true,
    read: (host) => {
      throw new GoError(
        `${what} not available for media type ${mediaTypeOf(host)}`,
      );
    },
  });
}

function contentMethods(kind: Kind): readonly Method[] {
  const { answers } = kind;
  const list = sliceOf(DESCRIPTOR);
  const layers = kind.body === OCI_ARTIFACT ? "Blobs" : "Layers";
  const methods = answers.includes("config")
    ? [
      part("GetConfig", DESCRIPTOR, kind, "Config"),
      getter("GetConfigDigest", DIGEST, {
        pointer: true,
        fails: true,
        read: (receiver) => {
          bodyOf(hostOf(receiver));
          return field(field(bodyView(kind, receiver), "Config"), "Digest");
        },
      }),
    ]
    : [
      refused("GetConfig", DESCRIPTOR, "config digest"),
      refused("GetConfigDigest", DIGEST, "config digest"),
    ];
  if (kind.body === SCHEMA_1 || kind.body === SCHEMA_1_SIGNED) {
    methods.push(
      schema1Layers(kind),
      refused("GetSize", INT64, "GetSize is"),
    );
  } else if (answers.includes("layers")) {
    methods.push(part("GetLayers", list, kind, layers));
  } else methods.push(refused("GetLayers", list, "layers are"));
  if (answers.includes("size")) methods.push(totalSize(kind, layers));
  return methods;
}

function schema1Layers(kind: Kind): Method {
  return getter("GetLayers", sliceOf(DESCRIPTOR), {
    pointer: true,
    fails: true,
    read: (receiver) => {
      bodyOf(hostOf(receiver));
      return descriptorsOf(field(bodyView(kind, receiver), "FSLayers")).map(
        (layer) => ({ digest: field(layer, "BlobSum").string }),
      );
    },
  });
}

function totalSize(kind: Kind, layers: string): Method {
  return getter("GetSize", INT64, {
    pointer: true,
    fails: true,
    read: (receiver) => {
      bodyOf(hostOf(receiver));
      return descriptorsOf(field(bodyView(kind, receiver), layers))
        .reduce((sum, layer) => sum + field(layer, "Size").int, 0n);
    },
  });
}

function platformMethods(kind: Kind): readonly Method[] {
  const descriptors = sliceOf(DESCRIPTOR);
  const platforms = sliceOf(pointerTo(PLATFORM));
  const isList = kind.answers.includes("manifests");
  const lookup: Method = {
    name: "GetPlatformDesc",
    type: functionOf([pointerTo(PLATFORM)], [pointerTo(DESCRIPTOR), ERROR]),
    pointer: true,
    call: (receiver, [platform]) =>
      wrap(
        pointerTo(DESCRIPTOR),
        findPlatform(kind, receiver, platform),
      ),
  };
  if (!isList) {
    return [
      refused("GetManifestList", descriptors, "platform descriptor list"),
      refused("GetPlatformList", platforms, "platform list"),
      {
        ...lookup,
        call: (receiver) => {
          throw new GoError(
            `platform lookup not available for media type ${
              mediaTypeOf(hostOf(receiver))
            }`,
          );
        },
      },
    ];
  }
  return [
    part("GetManifestList", descriptors, kind, "Manifests"),
    getter("GetPlatformList", platforms, {
      pointer: true,
      fails: true,
      read: (receiver) => {
        bodyOf(hostOf(receiver));
        const found = entries(kind, receiver)
          .map((entry) => field(entry, "Platform"))
          .filter((platform) => !platform.isNil);
        return found.length === 0 ? null : found;
      },
    }),
    lookup,
  ];
}

function entries(kind: Kind, receiver: Value): Value[] {
  return descriptorsOf(field(bodyView(kind, receiver), "Manifests"));
}

function findPlatform(
  kind: Kind,
  receiver: Value,
  wanted: Value | undefined,
): Value {
  bodyOf(hostOf(receiver));
  if (wanted === undefined || wanted.isNil) {
    throw new GoError("invalid input, platform is nil");
  }
  const platform: Platform = platformOf(wanted);
  const all = entries(kind, receiver);
  const found = tryTo(() =>
    selectPlatform(all.map(toDescriptor), platform).digest
  );
  const entry = all.find((each) => field(each, "Digest").string === found);
  if (entry === undefined) {
    throw new GoError(`platform not found: ${formatPlatform(platform)}`);
  }
  return entry;
}

function tryTo<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined; // the caller says what was looked for
  }
}

/** `manifest.Manifest`. */
export const MANIFEST: Type = interfaceType(
  "manifest.Manifest",
  () =>
    commonMethods().filter(({ name }) =>
      name === "GetDescriptor" || name === "IsList" || name === "RawBody"
    ),
);

/** A manifest of any kind as templates see it. */
export function manifestView(
  source: ManifestSource,
  options: ManifestViewOptions = {},
): Value {
  const { reference } = options;
  const { bytes, descriptor } = source;
  const mediaType = bytes === undefined
    ? descriptor.mediaType
    : parseManifest(bytes, descriptor.mediaType).mediaType;
  const type = MANIFEST_TYPES.get(mediaType) ??
    MANIFEST_TYPES.get(MEDIA_TYPES.ociManifest) ?? ANY;
  const json = bytes === undefined ? undefined : bodyJson(bytes, mediaType);
  const host: Host = { source, reference, json };
  return wrap(pointerTo(type), host);
}

/** The object whose keys are the fields. A signature covers the bytes inside, which count. */
function bodyJson(bytes: Uint8Array, mediaType: string): unknown {
  if (mediaType !== MEDIA_TYPES.dockerV1Signed) return parse(bytes);
  const payload = signedPayload(bytes) ?? bytes;
  const inner = parse(payload);
  return typeof inner === "object"
    ? { ...inner, $canonical: payload }
    : undefined;
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

const RESULT = structType("struct { Manifest manifest.Manifest }", {
  fields: () => [{ name: "Manifest", type: MANIFEST }],
});

/** What the commands that push give: the manifest as a field. */
export function manifestResult(manifest: Value): Value {
  return wrap(RESULT, { Manifest: manifest });
}
