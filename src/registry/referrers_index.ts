/**
 * The index that lists the manifests with one subject, where a registry or a
 * layout keeps it under a tag.
 *
 * See {@link https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema}.
 *
 * @module
 */
import type { Descriptor } from "./core.ts";
import { algorithmOf, hexOf } from "./digest.ts";
import { encodeGo, isJsonObject, type JsonObject, SHAPES } from "./go_json.ts";
import { type Manifest } from "./manifest.ts";
import { MEDIA_TYPES } from "./media_types.ts";

/** The tag that lists the referrers of a digest: `sha256-6858…`. */
export function fallbackTag(subject: string): string {
  const clean = (text: string) => text.replace(/[^A-Za-z0-9]/g, "-");
  return `${clean(algorithmOf(subject)).slice(0, 32)}-${
    clean(hexOf(subject)).slice(0, 64)
  }`;
}

/** How a referrers index names a manifest: with its annotations and its type. */
export function referrerOf(
  node: Descriptor,
  manifest: Manifest,
): Descriptor {
  const { digest, size } = node;
  const { mediaType, annotations } = manifest;
  const artifactType = manifest.artifactType ??
    (manifest.kind === "image" ? manifest.config.mediaType : "");
  return {
    mediaType,
    digest,
    size,
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    ...(artifactType === "" ? {} : { artifactType }),
  };
}

/** A referrers index without entries. */
export const NO_REFERRERS: JsonObject = {
  schemaVersion: 2,
  mediaType: MEDIA_TYPES.ociIndex,
};

/** The bytes of a referrers index. */
export function encodeReferrers(json: JsonObject): Uint8Array {
  return new TextEncoder().encode(
    encodeGo({ ...json, manifests: entriesOf(json) }, SHAPES.ociIndex),
  );
}

/**
 * The index with a referrer; `undefined` where it is listed already.
 *
 * @param json The index as it was parsed; {@linkcode NO_REFERRERS} for a new one.
 */
export function withReferrer(
  json: JsonObject,
  referrer: Descriptor,
): JsonObject | undefined {
  const entries = entriesOf(json);
  return entries.some((entry) => digestOfEntry(entry) === referrer.digest)
    ? undefined
    : { ...json, manifests: [...entries, referrer] };
}

/** The index without a referrer; `undefined` where it was not listed. */
export function withoutReferrer(
  json: JsonObject,
  digest: string,
): JsonObject | undefined {
  const entries = entriesOf(json);
  const rest = entries.filter((entry) => digestOfEntry(entry) !== digest);
  return rest.length === entries.length
    ? undefined
    : { ...json, manifests: rest };
}

/** Tells whether an index lists nothing. */
export function isEmptyList(json: JsonObject): boolean {
  return entriesOf(json).length === 0;
}

function entriesOf(json: JsonObject): readonly unknown[] {
  const list = json["manifests"];
  return Array.isArray(list) ? list : [];
}

function digestOfEntry(entry: unknown): unknown {
  return isJsonObject(entry) ? entry["digest"] : undefined;
}
