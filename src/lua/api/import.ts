/**
 * What a script made of a manifest's or a config's fields, back to JSON.
 *
 * @module
 */
import { isJsonObject, type JsonObject } from "../../registry/go_json.ts";
import { LuaTable, type LuaValue, textOf } from "../codec.ts";
import { exportValue } from "./export.ts";
import type { Field, Shape, Struct } from "./shape.ts";

/**
 * A value as JSON. Members that the shape does not know stay as they were, and
 * so do times; what is of another kind than the shape says becomes zero.
 *
 * @param before What the script saw.
 */
export function importValue(
  value: LuaValue,
  shape: Shape,
  before: unknown,
): unknown {
  if (typeof shape === "object") {
    if ("list" in shape) return importList(value, shape.list, before);
    if ("map" in shape) return importMap(value, shape.map, before);
    return importStruct(value, shape, before);
  }
  switch (shape) {
    case "text":
      return textIn(value);
    case "number":
      return typeof value === "number" ? Math.trunc(value) : 0;
    case "bool":
      return value === true;
    case "time":
      return before;
    case "bytes":
      return bytesIn(value, before);
    case "any":
      return importAny(value, before);
  }
}

/** A structure as JSON, see {@linkcode importValue}. */
export function importStruct(
  value: LuaValue,
  shape: Struct,
  before: unknown,
): JsonObject {
  const old = isJsonObject(before) ? before : {};
  if (!(value instanceof LuaTable)) return old;
  const next: Record<string, unknown> = { ...old };
  for (const field of shape.struct) {
    const was = Object.hasOwn(old, field.json) ? old[field.json] : undefined;
    const now = edited(value, field, was);
    if (now === undefined && (field.optional || was === undefined)) {
      if (was !== undefined && field.shape !== "time") delete next[field.json];
      continue;
    }
    const imported = importValue(now, field.shape, was);
    // What JSON did not have and is empty still, is not put there.
    if (was === undefined && isZero(imported)) continue;
    next[field.json] = imported;
  }
  return next;
}

/**
 * The field's value: under its JSON name, unless only the Go name was changed.
 * Setting the JSON name to nil is a change.
 */
function edited(table: LuaTable, field: Field, was: unknown): LuaValue {
  const { json, go, shape, optional } = field;
  const [byJson, byGo] = [table.fields.get(json), table.fields.get(go)];
  const absent = optional && (was === undefined || was === null);
  const seen = absent ? undefined : exportValue(was, shape);
  // A table has both names, and is changed through either.
  if (typeof seen === "object") return byJson;
  return scalarOf(byJson) === seen ? byGo ?? byJson : byJson;
}

function scalarOf(value: LuaValue): LuaValue | string {
  return value instanceof Uint8Array ? textOf(value) : value;
}

function importList(
  value: LuaValue,
  shape: Shape,
  before: unknown,
): unknown[] {
  const old = Array.isArray(before) ? before : [];
  if (!(value instanceof LuaTable)) return [];
  return value.list.map((item, i) =>
    importValue(item, shape, match(item, old, i))
  );
}

/** The old item that a list's item comes from: by its digest, else by its place. */
function match(item: LuaValue, old: readonly unknown[], i: number): unknown {
  const digest = item instanceof LuaTable
    ? item.fields.get("digest")
    : undefined;
  if (!(digest instanceof Uint8Array)) return old[i];
  const text = textOf(digest);
  return old.find((other) => isJsonObject(other) && other["digest"] === text);
}

function importMap(
  value: LuaValue,
  shape: Shape,
  before: unknown,
): JsonObject {
  if (!(value instanceof LuaTable)) return {};
  const old = isJsonObject(before) ? before : {};
  return Object.fromEntries(
    [...value.fields].map(([key, item]) =>
      [String(key), importValue(item, shape, old[String(key)])] as const
    ),
  );
}

/** Any value; an empty table is what it was before, else an object. */
function importAny(value: LuaValue, before: unknown): unknown {
  if (value instanceof Uint8Array) return textOf(value);
  if (!(value instanceof LuaTable)) {
    return typeof value === "object" || value === undefined ? null : value;
  }
  if (value.fields.size > 0) return importMap(value, "any", before);
  if (value.list.length === 0 && !Array.isArray(before)) return {};
  return importList(value, "any", before);
}

function textIn(value: LuaValue): string {
  if (value instanceof Uint8Array) return textOf(value);
  return typeof value === "number" ? String(value) : "";
}

/** Bytes as JSON has them: spelt as before where they are the same. */
function bytesIn(value: LuaValue, before: unknown): unknown {
  const list = value instanceof LuaTable ? value.list : [];
  const bytes = list.map((item) => typeof item === "number" ? item & 0xff : 0);
  const old = exportValue(before, "bytes");
  const same = Array.isArray(old) && old.length === bytes.length &&
    bytes.every((byte, i) => byte === old[i]);
  return same ? before : Uint8Array.from(bytes).toBase64();
}

function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false || value === null ||
    value === undefined || (Array.isArray(value) && value.length === 0) ||
    (isJsonObject(value) && Object.values(value).every(isZero));
}
