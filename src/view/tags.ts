/**
 * Lists of tags as templates see them.
 *
 * @module
 */
import {
  GoError,
  type Instant,
  localZone,
  mapOf,
  pointerTo,
  STRING,
  structType,
  TIME,
  type Type,
  UINT64,
  type Value,
  wrap,
} from "../template/mod.ts";
import type { Page } from "../registry/core.ts";
import type { Reference } from "../registry/reference.ts";
import { getter, jsonField, prettyMethod, readKey, TEXTS } from "./declare.ts";
import {
  PAGE_FIELDS,
  PAGE_METHODS,
  type Paged,
  sortedLines,
} from "./listing.ts";
import { OCI_INDEX } from "./manifest_types.ts";
import { REF } from "./reference.ts";

/** What is known of a list of tags. */
export interface TagListSource {
  /** The repository that was asked. */
  readonly reference?: Reference | undefined;
  /** The tags that are shown. */
  readonly tags: readonly string[];
  /** The last page as it came. */
  readonly page?: Page | undefined;
}

interface Host extends Paged {
  readonly reference: Reference | undefined;
  /** Sorted in place by the pretty text, as upstream does. */
  readonly tags: string[];
  readonly json: unknown;
}

function isHost(data: unknown): data is Host {
  return typeof data === "object" && data !== null && "tags" in data &&
    "json" in data;
}

const json = (key: string) => (host: unknown) =>
  isHost(host) ? readKey(host.json, key) : undefined;

const COMMON = structType("tag.tagCommon", {
  fields: () => [
    {
      name: "r",
      type: REF,
      unexported: true,
      get: (host) => readKey(host, "reference"),
    },
    ...PAGE_FIELDS,
    { name: "url", type: URL_POINTER, unexported: true, get: address },
  ],
  methods: () => [
    ...PAGE_METHODS,
    getter("GetURL", URL_POINTER, { read: ({ data }) => address(data) }),
  ],
});

/** Where the page came from; nil for a layout. */
const address = (host: unknown) =>
  isHost(host) && host.page?.url ? new URL(host.page.url) : null;

const part = (name: string, read: (url: URL) => string) => ({
  name,
  type: STRING,
  get: (url: unknown) => url instanceof URL ? read(url) : "",
});

const URL_POINTER = pointerTo(structType("url.URL", {
  fields: () => [
    part("Scheme", ({ protocol }) => protocol.replace(/:$/, "")),
    part("Host", ({ host }) => host),
    part("Path", ({ pathname }) => decodeURIComponent(pathname)),
    part("RawQuery", ({ search }) => search.replace(/^\?/, "")),
  ],
  methods: () => [
    getter("String", STRING, {
      pointer: true,
      read: ({ data }) => {
        if (data instanceof URL) return data.href;
        throw new GoError("nil pointer dereference"); // printed as <nil>
      },
    }),
  ],
}));

const DOCKER_LIST = structType("tag.DockerList", {
  fields: () => [
    { name: "Name", type: STRING, json: "name", get: json("name") },
    {
      name: "Tags",
      type: TEXTS,
      json: "tags",
      get: (host) => readKey(host, "tags"),
    },
  ],
  methods: () => [
    getter("GetTags", TEXTS, {
      fails: true,
      read: ({ data }) => readKey(data, "tags"),
    }),
    prettyMethod(({ data }) => isHost(data) ? sortedLines(data.tags) : ""),
  ],
});

function milliseconds(key: string): (host: unknown) => Instant | null {
  return (host) => {
    const value = Number(readKey(host, key) ?? NaN);
    if (!Number.isFinite(value)) return null;
    const seconds = Math.floor(value / 1000);
    const nanoseconds = Math.round(value - seconds * 1000) * 1_000_000;
    return { seconds, nanoseconds, zone: localZone() };
  };
}

const GCR_MANIFEST = structType("tag.GCRManifestInfo", {
  fields: () => [
    {
      name: "Size",
      type: UINT64,
      json: "imageSizeBytes,string",
      get: (host) => {
        const text = String(readKey(host, "imageSizeBytes") ?? "");
        return /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
      },
    },
    jsonField("MediaType", STRING, { json: "mediaType" }),
    {
      name: "Created",
      type: TIME,
      json: "timeCreatedMs",
      get: milliseconds("timeCreatedMs"),
    },
    {
      name: "Uploaded",
      type: TIME,
      json: "timeUploadedMs",
      get: milliseconds("timeUploadedMs"),
    },
    jsonField("Tags", TEXTS, { json: "tag" }),
  ],
});

const GCR_LIST = structType("tag.GCRList", {
  fields: () => [
    {
      name: "Children",
      type: TEXTS,
      json: "child,omitempty",
      get: json("child"),
    },
    {
      name: "Manifests",
      type: mapOf(STRING, GCR_MANIFEST),
      json: "manifest,omitempty",
      get: json("manifest"),
    },
  ],
});

const LAYOUT_LIST = structType("tag.LayoutList", {
  fields: () => [{
    name: "Index",
    type: OCI_INDEX,
    get: (host) =>
      Array.isArray(json("manifests")(host)) && isHost(host)
        ? host.json
        : undefined,
  }],
});

const same = (host: unknown) => host;

/** `tag.List`. */
export const TAG_LIST: Type = structType("tag.List", {
  fields: () => [
    {
      name: "tagCommon",
      type: COMMON,
      embedded: true,
      unexported: true,
      get: same,
    },
    { name: "DockerList", type: DOCKER_LIST, embedded: true, get: same },
    { name: "GCRList", type: GCR_LIST, embedded: true, get: same },
    { name: "LayoutList", type: LAYOUT_LIST, embedded: true, get: same },
  ],
});

/** A list of tags as templates see it. */
export function tagListView(source: TagListSource): Value {
  const { reference, page } = source;
  const host: Host = {
    reference,
    page,
    tags: [...source.tags],
    json: parseBody(page?.bytes),
  };
  return wrap(pointerTo(TAG_LIST), host);
}

/** The JSON of a body; nothing where it has none. */
export function parseBody(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined || bytes.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined; // the names were read elsewhere
  }
}
