/**
 * Manifests as templates see them.
 *
 * @module
 */
import { parseManifest } from "../registry/manifest.ts";
import { MEDIA_TYPES } from "../registry/media_types.ts";
import type { Reference } from "../registry/reference.ts";
import {
  ANY,
  interfaceType,
  type Method,
  pointerTo,
  structType,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import { alignRows } from "./aligned.ts";
import { BYTES, getter, prettyMethod, readKey } from "./declare.ts";
import { ANNOTATIONS, DESCRIPTOR } from "./descriptor.ts";
import { contentMethods } from "./manifest_content.ts";
import {
  bodyOf,
  COMMON,
  commonMethods,
  type Host,
  hosted,
  hostOf,
  type ManifestSource,
} from "./manifest_host.ts";
import { bodyView, type Kind, KINDS, part } from "./manifest_kinds.ts";
import { platformMethods } from "./manifest_platforms.ts";
import { manifestRows } from "./manifest_table.ts";
import { signedPayload } from "./signed_payload.ts";

/** Options for {@linkcode manifestView}. */
export interface ManifestViewOptions {
  /** What was asked for. */
  readonly reference?: Reference | undefined;
}

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
