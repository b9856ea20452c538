/**
 * The rows of a layout's `index.json`: pure functions from one index to the next.
 *
 * See {@link https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file}.
 *
 * @module
 */
import { RegError } from "../../../base/errors.ts";
import type { Descriptor } from "../../core.ts";
import { isDigest } from "../../digest.ts";
import {
  Encoded,
  encodeGo,
  isJsonObject,
  type JsonObject,
  parseJson,
  SHAPES,
} from "../../go_json.ts";
import { MEDIA_TYPES } from "../../media_types.ts";

/** The annotation that holds a row's tag, or a full name that ends in one. */
export const REF_NAME = "org.opencontainers.image.ref.name";
/** The annotation that says when a row was written. */
export const CREATED = "org.opencontainers.image.created";
/** The largest `index.json` that we read, in bytes: some 200,000 rows. */
export const INDEX_LIMIT: number = 64 * 1024 * 1024;

/** One entry of the index. */
export interface Row {
  /** What it names. */
  readonly descriptor: Descriptor;
  /** Its name: a tag, a full image name, or empty. */
  readonly name: string;
  /** The entry as it was parsed, with all its keys. */
  readonly json: JsonObject;
}

/** What an `index.json` says. */
export interface LayoutIndex {
  /** The object as it was parsed, with all its keys. */
  readonly json: JsonObject;
  /** Its entries, in order. */
  readonly rows: readonly Row[];
}

/** The index of a layout to which nothing was pushed yet. */
export const EMPTY_INDEX: LayoutIndex = {
  json: { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests: [] },
  rows: [],
};

/**
 * Parses an `index.json`.
 *
 * @param where The file's name, for messages.
 * @throws {RegError} `invalid`, with the place in the file.
 */
export function parseIndex(bytes: Uint8Array, where: string): LayoutIndex {
  const fail = (what: string, cause?: unknown) =>
    new RegError("invalid", `Cannot read ${JSON.stringify(where)}: ${what}`, {
      cause,
    });
  let json: unknown;
  try {
    json = parseJson(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw fail("it is not JSON", cause);
  }
  if (!isJsonObject(json)) throw fail("it is no JSON object");
  const list = json["manifests"] ?? [];
  if (!Array.isArray(list)) throw fail('"manifests" is no list');
  const rows = list.map((item: unknown, i) => {
    const row = parseRow(item);
    if (typeof row !== "string") return row;
    throw fail(`"manifests[${i}]" ${row}`);
  });
  return { json, rows };
}

/** Reads an entry, or says what is wrong with it. */
function parseRow(item: unknown): Row | string {
  if (!isJsonObject(item)) return "is no descriptor";
  const { mediaType = "", digest, size, annotations } = item;
  if (typeof digest !== "string" || !isDigest(digest)) {
    return `has a bad digest: ${JSON.stringify(digest)}`;
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    return "has a bad size";
  }
  if (typeof mediaType !== "string") return "has a bad media type";
  const texts = isJsonObject(annotations)
    ? Object.fromEntries(
      Object.entries(annotations).filter((entry): entry is [string, string] =>
        typeof entry[1] === "string"
      ),
    )
    : {};
  return {
    descriptor: Object.keys(texts).length > 0
      ? { mediaType, digest, size, annotations: texts }
      : { mediaType, digest, size },
    name: texts[REF_NAME] ?? "",
    json: item,
  };
}

/** The text of each entry: of a long index, most stay as they are. */
const texts = new WeakMap<JsonObject, string>();

/** Writes an index as upstream does; keys that nobody knows are kept. */
export function encodeIndex(index: LayoutIndex): Uint8Array {
  const manifests = new Encoded(`[${index.rows.map(textOf).join(",")}]`);
  return new TextEncoder().encode(
    encodeGo({ ...index.json, manifests }, SHAPES.ociIndex),
  );
}

function textOf({ json }: Row): string {
  const known = texts.get(json);
  if (known !== undefined) return known;
  const text = encodeGo(json, SHAPES.descriptor);
  texts.set(json, text);
  return text;
}

/** The first rows of names, of tags at the end of full names, and of digests. */
interface Places {
  readonly names: ReadonlyMap<string, Row>;
  readonly tags: ReadonlyMap<string, Row>;
  readonly digests: ReadonlyMap<string, Row>;
}

const places = new WeakMap<LayoutIndex, Places>();

function placesOf(index: LayoutIndex): Places {
  const known = places.get(index);
  if (known) return known;
  const first = (key: (row: Row) => string | undefined) => {
    const found = new Map<string, Row>();
    for (const row of index.rows) {
      const name = key(row);
      if (name !== undefined && !found.has(name)) found.set(name, row);
    }
    return found;
  };
  const made = {
    names: first((row) => row.name),
    tags: first((row) => row.name.includes(":") ? tagOf(row) : undefined),
    digests: first((row) => row.descriptor.digest),
  };
  places.set(index, made);
  return made;
}

/** The row of a tag: its exact name, else the first full name that ends in it. */
export function findTag(index: LayoutIndex, tag: string): Row | undefined {
  const { names, tags } = placesOf(index);
  return names.get(tag) ?? tags.get(tag);
}

/** The first row of a digest. */
export function findDigest(
  index: LayoutIndex,
  digest: string,
): Row | undefined {
  return placesOf(index).digests.get(digest);
}

/** The rows before a change whose digests have none after it. */
export function lostRows(
  before: LayoutIndex,
  after: LayoutIndex,
): readonly Row[] {
  // Most changes add to the end.
  if (before.rows.every((row, at) => row === after.rows[at])) return [];
  const kept = new Set(after.rows.map((row) => row.descriptor.digest));
  return before.rows.filter((row) => !kept.has(row.descriptor.digest));
}

/** The tags, each once, sorted by their bytes. */
export function tagsOf(index: LayoutIndex): string[] {
  const tags = index.rows.map((row) => tagOf(row)).filter((tag) => tag !== "");
  return [...new Set(tags)].sort();
}

function tagOf(row: Row): string {
  return row.name.slice(row.name.lastIndexOf(":") + 1);
}

/** Makes a row; `tag` may be empty. */
export function makeRow(node: Descriptor, tag: string, created: Date): Row {
  const { mediaType, digest, size } = node;
  const seconds = created.toISOString().replace(/\.\d+Z$/, "Z");
  const annotations: Record<string, string> = tag === ""
    ? { [CREATED]: seconds }
    : { [CREATED]: seconds, [REF_NAME]: tag };
  const descriptor = { mediaType, digest, size, annotations };
  return { descriptor, name: tag, json: descriptor };
}

/**
 * The index with a row. One of the same name gives up its place, unless it has
 * the same digest: then nothing changes. Without a name, so does the digest.
 */
export function withRow(index: LayoutIndex, row: Row): LayoutIndex {
  const isSame = (other: Row) =>
    other.name === row.name &&
    (row.name !== "" || other.descriptor.digest === row.descriptor.digest);
  const first = index.rows.find(isSame);
  if (!first) return { ...index, rows: [...index.rows, row] };
  const kept = first.descriptor.digest === row.descriptor.digest ? first : row;
  const rows = index.rows
    .filter((other) => other === first || !isSame(other))
    .map((other) => other === first ? kept : other);
  const isUnchanged = kept === first && rows.length === index.rows.length;
  return isUnchanged ? index : { ...index, rows };
}

/** The index without the rows of a tag, full names included. */
export function withoutTag(index: LayoutIndex, tag: string): LayoutIndex {
  return withoutRows(index, (row) => row.name !== "" && tagOf(row) === tag);
}

/** The index without any row of a digest. */
export function withoutDigest(
  index: LayoutIndex,
  digest: string,
): LayoutIndex {
  return withoutRows(index, (row) => row.descriptor.digest === digest);
}

function withoutRows(
  index: LayoutIndex,
  drop: (row: Row) => boolean,
): LayoutIndex {
  const rows = index.rows.filter((row) => !drop(row));
  return rows.length === index.rows.length ? index : { ...index, rows };
}
