/**
 * Referrers as templates see them.
 *
 * @module
 */
import {
  BOOL,
  sliceOf,
  structType,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import type { Descriptor, Referrers } from "../registry/core.ts";
import {
  commonName,
  isComplete,
  type Reference,
  withDigest,
} from "../registry/reference.ts";
import { alignRows, annotationRows, BLANK, type Row } from "./aligned.ts";
import {
  field,
  getter,
  jsonField,
  prettyMethod,
  readKey,
  textField,
  TEXTS,
} from "./declare.ts";
import {
  ANNOTATIONS,
  annotationsOf,
  DESCRIPTOR,
  descriptorRows,
  descriptorsOf,
} from "./descriptor.ts";
import { MANIFEST, manifestView } from "./manifest.ts";
import { REF } from "./reference.ts";
import { describeManifest } from "../registry/manifest.ts";
import { MEDIA_TYPES } from "../registry/media_types.ts";

/** What is known of the referrers of a manifest. */
export interface ReferrerListSource {
  /** The manifest that they refer to. */
  readonly subject: Reference;
  /** Where they are, if elsewhere. */
  readonly source?: Reference | undefined;
  /** Those that are shown. */
  readonly descriptors: readonly Descriptor[];
  /** The answer as it came. */
  readonly referrers?:
    | Referrers & { readonly digestTags?: readonly string[] }
    | undefined;
}

interface Host extends ReferrerListSource {
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly manifest: Value | null;
  readonly tags: readonly string[] | null;
}

function isHost(data: unknown): data is Host {
  return typeof data === "object" && data !== null && "subject" in data &&
    "descriptors" in data;
}

/** `referrer.ReferrerList`. */
export const REFERRER_LIST: Type = structType("referrer.ReferrerList", {
  fields: () => [
    jsonField("Subject", REF, { json: "subject" }),
    jsonField("Source", REF, { json: "source" }),
    jsonField("Descriptors", sliceOf(DESCRIPTOR), { json: "descriptors" }),
    jsonField("Annotations", ANNOTATIONS, { json: "annotations,omitempty" }),
    {
      name: "Manifest",
      type: MANIFEST,
      json: "-",
      get: (host) => readKey(host, "manifest"),
    },
    {
      name: "Tags",
      type: TEXTS,
      json: "-",
      get: (host) => readKey(host, "tags"),
    },
  ],
  methods: () => [
    getter("IsEmpty", BOOL, {
      read: (self) => descriptorsOf(field(self, "Descriptors")).length === 0,
    }),
    prettyMethod((self) => alignRows(referrerRows(self))),
  ],
});

function referrerRows(self: Value): Row[] {
  const { subject, source } = isHost(self.data)
    ? self.data
    : { subject: undefined, source: undefined };
  const rows: Row[] = [];
  if (subject !== undefined && isComplete(subject)) {
    rows.push(["Subject:", commonName(subject)]);
  }
  if (source !== undefined && isComplete(source)) {
    rows.push(["Source:", commonName(source)]);
  }
  const base = source !== undefined && isComplete(source) ? source : subject;
  const nameRows = (digest: string): Row[] =>
    base !== undefined && isComplete(base)
      ? [["  Name:", commonName(withDigest(base, digest))]]
      : [];
  rows.push(BLANK, ["Referrers:", ""]);
  for (const entry of descriptorsOf(field(self, "Descriptors"))) {
    const digest = textField(entry, "Digest");
    rows.push(BLANK, ...nameRows(digest), ...descriptorRows(entry, "  "));
  }
  const annotations = annotationsOf(field(self, "Annotations"));
  return [...rows, ...annotationRows(annotations, "")];
}

/** Referrers as templates see them. */
export function referrerListView(source: ReferrerListSource): Value {
  const { referrers } = source;
  const { bytes, annotations = {}, fallbackTag, digestTags = [] } = referrers ??
    {};
  const tags = [
    ...fallbackTag === undefined ? [] : [fallbackTag],
    ...digestTags,
  ];
  const host: Host = {
    ...source,
    annotations: Object.keys(annotations).length === 0
      ? undefined
      : annotations,
    manifest: bytes === undefined ? null : manifestView({
      ...describeManifest(bytes, MEDIA_TYPES.ociIndex),
      headers: referrers?.headers,
    }),
    tags: tags.length === 0 ? null : tags,
  };
  return wrap(REFERRER_LIST, host);
}
