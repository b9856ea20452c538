/**
 * JSON of manifests and configs to what scripts see, by its shape.
 *
 * @module
 */
import {
  isJsonObject,
  type JsonObject,
  RawNumber,
} from "../../registry/go_json.ts";
import { HostStruct, type HostValue } from "../codec.ts";
import { goTime } from "./go_time.ts";
import type { Shape, Struct } from "./shape.ts";

/** A named field of a {@linkcode HostStruct}. */
export type NamedField = readonly [readonly string[], HostValue];

/** A JSON value as a script sees it. What is of another kind is empty or zero. */
export function exportValue(value: unknown, shape: Shape): HostValue {
  if (typeof shape === "object") {
    if ("list" in shape) {
      const list = Array.isArray(value) ? value : [];
      return list.map((item) => exportValue(item, shape.list));
    }
    const object = isJsonObject(value) ? value : {};
    return "map" in shape
      ? exportMap(object, shape.map)
      : exportStruct(object, shape);
  }
  switch (shape) {
    case "text":
      return typeof value === "string" ? value : "";
    case "time":
      return typeof value === "string" ? goTime(value) : undefined;
    case "number":
      return numberOf(value) ?? 0;
    case "bool":
      return value === true;
    case "bytes":
      return typeof value === "string" ? bytesOf(value) : [];
    case "any":
      return exportAny(value);
  }
}

/** A structure with each field under its names in Go and in JSON. */
export function exportStruct(object: JsonObject, shape: Struct): HostStruct {
  return new HostStruct(exportFields(object, shape));
}

/** The fields of a structure, to be put beside others. */
export function exportFields(object: JsonObject, shape: Struct): NamedField[] {
  return shape.struct.map(({ json, go, shape, optional }) => {
    const value = Object.hasOwn(object, json) ? object[json] : undefined;
    const absent = optional && (value === undefined || value === null);
    const names = json === go ? [json] : [go, json];
    return [names, absent ? undefined : exportValue(value, shape)];
  });
}

/** Any JSON: objects and lists become tables, null becomes nil. */
export function exportAny(value: unknown): HostValue {
  if (Array.isArray(value)) return value.map(exportAny);
  if (isJsonObject(value)) return exportMap(value, "any");
  if (value instanceof RawNumber) return Number(value.text);
  return typeof value === "string" || typeof value === "number" ||
      typeof value === "boolean"
    ? value
    : undefined;
}

function exportMap(object: JsonObject, shape: Shape): HostValue {
  return new Map(
    Object.entries(object).map(([key, value]) =>
      [key, exportValue(value, shape)] as const
    ),
  );
}

/** A number as it was, or as it was written. */
export function numberOf(value: unknown): number | undefined {
  if (value instanceof RawNumber) return Number(value.text);
  return typeof value === "number" ? value : undefined;
}

function bytesOf(base64: string): number[] {
  try {
    return Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    return [];
  }
}
