/**
 * Descriptors as templates see them.
 *
 * @module
 */
import {
  BOOL,
  bytesOf,
  bytesValue,
  elementOf,
  functionOf,
  GoError,
  INT64,
  lengthOf,
  mapOf,
  type Method,
  pointerTo,
  type Result,
  sortedEntries,
  STRING,
  structType,
  textOf,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import { toBytes } from "../template/byte_string.ts";
import type { Descriptor, Digest } from "../registry/core.ts";
import { digestOf } from "../registry/digest.ts";
import {
  isImageType,
  isIndexType,
  isSchema1Type,
} from "../registry/media_types.ts";
import { formatPlatform, platformsMatch } from "../registry/platform.ts";
import { annotationRows, humanSize, type Row } from "./aligned.ts";
import {
  BYTES,
  field,
  getter,
  jsonField,
  readKey,
  textField,
  TEXTS,
} from "./declare.ts";
import { ALGORITHM, DIGEST } from "./digest.ts";
import { PLATFORM, platformOf, textsOf } from "./platform.ts";

/** `map[string]string`. */
export const ANNOTATIONS: Type = mapOf(STRING, STRING);

/** `descriptor.Descriptor`. */
export const DESCRIPTOR: Type = structType("descriptor.Descriptor", {
  fields: () => [
    jsonField("MediaType", STRING, { json: "mediaType" }),
    jsonField("Digest", DIGEST, { json: "digest" }),
    jsonField("Size", INT64, { json: "size" }),
    jsonField("URLs", TEXTS, { json: "urls,omitempty" }),
    jsonField("Annotations", ANNOTATIONS, { json: "annotations,omitempty" }),
    {
      ...jsonField("Data", BYTES, { json: "data,omitempty" }),
      get: (host) => decode(readKey(host, "data")),
    },
    jsonField("Platform", pointerTo(PLATFORM), { json: "platform,omitempty" }),
    jsonField("ArtifactType", STRING, { json: "artifactType,omitempty" }),
    { name: "digestAlgo", type: ALGORITHM, unexported: true },
  ],
  methods: () => [
    getter("DigestAlgo", ALGORITHM, { read: algorithmOf }),
    getter("GetData", BYTES, { read: dataOf, fails: true }),
    comparison("Equal", DESCRIPTOR, isEqual),
    comparison("Same", DESCRIPTOR, isSame),
    comparison("Match", structType("descriptor.MatchOpt"), () => false),
  ],
});

/** Base64 as bytes; nothing where it is none. */
function decode(data: unknown): Uint8Array | null {
  if (typeof data !== "string") return null;
  try {
    return toBytes(atob(data));
  } catch {
    return null;
  }
}

function comparison(
  name: string,
  type: Type,
  test: (self: Value, other: Value) => boolean,
): Method {
  return {
    name,
    type: functionOf([type], [BOOL]),
    call: (self, [other]): Result =>
      wrap(BOOL, other !== undefined && test(self, other)),
  };
}

function algorithmOf(self: Value): string {
  const digest = textField(self, "Digest");
  const known =
    /^(sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/
      .test(digest);
  return known ? digest.slice(0, digest.indexOf(":")) : "sha256";
}

function dataOf(self: Value): Value {
  const data = bytesOf(field(self, "Data"));
  const isRight = BigInt(data.length) === field(self, "Size").int &&
    textField(self, "Digest") === digestOf(toBytes(data), algorithmOf(self));
  if (!isRight) throw new GoError("parsing failed");
  return bytesValue(data);
}

// What a build makes of one type may be the other: both name the same thing.
const OCI_NAMES: Readonly<Record<string, string>> = {
  "application/vnd.docker.distribution.manifest.list.v2+json":
    "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json":
    "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.container.image.v1+json":
    "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.image.rootfs.diff.tar":
    "application/vnd.oci.image.layer.v1.tar",
  "application/vnd.docker.image.rootfs.diff.tar.gzip":
    "application/vnd.oci.image.layer.v1.tar+gzip",
  "application/vnd.docker.image.rootfs.diff.tar.zstd":
    "application/vnd.oci.image.layer.v1.tar+zstd",
};

function isSame(a: Value, b: Value): boolean {
  const oci = (value: Value) => {
    const type = textField(value, "MediaType");
    return OCI_NAMES[type] ?? type;
  };
  return textField(a, "Digest") === textField(b, "Digest") &&
    field(a, "Size").int === field(b, "Size").int && oci(a) === oci(b);
}

function isEqual(a: Value, b: Value): boolean {
  const same = (name: string) => textField(a, name) === textField(b, name);
  const [left, right] = [field(a, "Platform"), field(b, "Platform")];
  const samePlatform = left.isNil || right.isNil
    ? left.isNil && right.isNil
    : platformsMatch(platformOf(left), platformOf(right));
  const [urls, otherUrls] = [field(a, "URLs"), field(b, "URLs")];
  const [notes, otherNotes] = [
    field(a, "Annotations"),
    field(b, "Annotations"),
  ];
  const list = (value: Value) => JSON.stringify(textsOf(value));
  const pairs = (value: Value) => JSON.stringify([...annotationsOf(value)]);
  return isSame(a, b) && same("MediaType") && same("ArtifactType") &&
    samePlatform && urls.isNil === otherUrls.isNil &&
    list(urls) === list(otherUrls) && notes.isNil === otherNotes.isNil &&
    pairs(notes) === pairs(otherNotes);
}

/** The entries of annotations, in the order of their keys. */
export function annotationsOf(map: Value): Map<string, string> {
  return new Map(
    sortedEntries(map).map(({ key, value }) => [textOf(key), textOf(value)]),
  );
}

/** The descriptors of a list. */
export function descriptorsOf(list: Value): Value[] {
  return Array.from({ length: lengthOf(list) }, (_, i) => elementOf(list, i));
}

/** The descriptor that a view shows, as far as it is needed to choose one. */
export function toDescriptor(view: Value): Descriptor {
  const platform = field(view, "Platform");
  const digest: Digest = `${textField(view, "Digest").replace(/:.*/s, "")}:${
    textField(view, "Digest").replace(/^[^:]*:/, "")
  }`;
  return {
    mediaType: textField(view, "MediaType"),
    digest,
    size: Number(field(view, "Size").int),
    ...(platform.isNil ? {} : { platform: platformOf(platform) }),
  };
}

/** The rows of a descriptor in a table. */
export function descriptorRows(view: Value, indent: string): Row[] {
  const mediaType = textField(view, "MediaType");
  const artifactType = textField(view, "ArtifactType");
  const rows: Row[] = [
    [`${indent}Digest:`, textField(view, "Digest")],
    [`${indent}MediaType:`, mediaType],
  ];
  if (artifactType !== "") rows.push([`${indent}ArtifactType:`, artifactType]);
  const isManifest = isImageType(mediaType) || isIndexType(mediaType) ||
    isSchema1Type(mediaType);
  if (!isManifest) rows.push([`${indent}Size:`, sizeText(view)]);
  rows.push(...platformRows(field(view, "Platform"), indent));
  const urls = textsOf(field(view, "URLs"));
  if (urls.length > 0) rows.push([`${indent}URLs:`, urls.join(", ")]);
  return [...rows, ...descriptorAnnotations(view, indent)];
}

/** Unlike a manifest's, an empty map of annotations has its heading. */
function descriptorAnnotations(view: Value, indent: string): Row[] {
  const map = field(view, "Annotations");
  if (map.isNil) return [];
  const rows = annotationRows(annotationsOf(map), indent);
  return rows.length > 0 ? rows : [[`${indent}Annotations:`, ""]];
}

function sizeText(view: Value): string {
  const size = field(view, "Size").int;
  return size > 100_000n ? humanSize(Number(size)) : `${size}B`;
}

function platformRows(view: Value, indent: string): Row[] {
  if (view.isNil || textField(view, "OS") === "") return [];
  const platform = platformOf(view);
  const version = platform["os.version"] ?? "";
  const features = platform["os.features"] ?? [];
  const rows: Row[] = [[`${indent}Platform:`, formatPlatform(platform)]];
  if (version !== "") rows.push([`${indent}OSVersion:`, version]);
  if (features.length > 0) {
    rows.push([`${indent}OSFeatures:`, features.join(", ")]);
  }
  return rows;
}

/** A descriptor as templates see it. */
export function descriptorView(descriptor: Descriptor): Value {
  return wrap(DESCRIPTOR, descriptor);
}
