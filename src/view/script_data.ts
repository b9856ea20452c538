/**
 * Views as plain data, for scripts: each field under its Go name and its JSON
 * name.
 *
 * @module
 */
import {
  bytesOf,
  elementOf,
  type Field,
  fieldOf,
  indirect,
  isInteger,
  lengthOf,
  sortedEntries,
  textOf,
  type Value,
} from "../template/mod.ts";
import { callStringMethod } from "../template/call.ts";
import { toText } from "../template/byte_string.ts";

/** What scripts get: tables, lists and scalars; nil is `undefined`. */
export type ScriptData =
  | undefined
  | boolean
  | number
  | string
  | readonly ScriptData[]
  | ReadonlyMap<string, ScriptData>;

/**
 * Turns a view into plain data. Both names of a field share one table; an
 * embedded struct is a table under its own name; bytes are numbers; what has
 * only a text form, such as a time, is that text.
 */
export function scriptData(view: Value | undefined): ScriptData {
  const { value, isNil } = indirect(view);
  if (value === undefined || isNil) return undefined;
  const { kind } = value.type;
  switch (kind) {
    case "bool":
      return value.bool;
    case "string":
      return textOf(value);
    case "float32":
    case "float64":
      return value.float;
    case "map":
      return mapData(value);
    case "slice":
    case "array":
      return listData(value);
    case "struct":
      return structData(value);
    default:
      return isInteger(kind) ? Number(value.int) : undefined;
  }
}

function mapData(map: Value): ReadonlyMap<string, ScriptData> {
  return new Map(
    sortedEntries(map).map(({ key, value }) => [
      key.type.kind === "string" ? textOf(key) : String(key.data),
      scriptData(value) ?? new Map(),
    ]),
  );
}

function listData(list: Value): readonly ScriptData[] {
  if (list.type.elem.kind === "uint8") {
    return Array.from(bytesOf(list), (byte) => byte.charCodeAt(0));
  }
  return Array.from(
    { length: lengthOf(list) },
    (_, i) => scriptData(elementOf(list, i)),
  );
}

function structData(struct: Value): ScriptData {
  const fields = struct.type.fields.filter(({ unexported }) =>
    unexported !== true
  );
  const text = fields.length === 0
    ? callStringMethod(struct, "String")
    : undefined;
  if (text !== undefined) return toText(text);
  const data = new Map<string, ScriptData>();
  for (const field of fields) {
    const value = scriptData(fieldOf(struct, field));
    if (value === undefined) continue;
    for (const name of namesOf(field)) data.set(name, value);
  }
  return data;
}

function namesOf({ name, json = "" }: Field): readonly string[] {
  const [key = ""] = json.split(",");
  return key === "" || key === "-" ? [name] : [name, key];
}
