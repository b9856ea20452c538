/**
 * Writes values as Go's encoding/json does, without escaping HTML.
 *
 * @module
 */
import {
  type ByteString,
  RUNE_ERROR,
  runes,
  toByteString,
} from "./byte_string.ts";
import { bindMethod } from "./call.ts";
import { GoError } from "./errors.ts";
import { formatFloat } from "./float.ts";
import { isInteger } from "./kind.ts";
import { pointerTo } from "./make_type.ts";
import { type Field, type Type, type Value } from "./type.ts";
import { methodOf } from "./type_rules.ts";
import {
  addressOf,
  bytesOf,
  contents,
  elem,
  elementOf,
  equal,
  fieldOf,
  lengthOf,
  sortedEntries,
  zero,
} from "./value.ts";

/**
 * Writes a value as compact JSON.
 *
 * @throws {GoError} For what JSON cannot express, and what a method fails with.
 */
export function toJson(value: Value | undefined): ByteString {
  if (value === undefined) return "null";
  const marshalled = byMethod(value);
  if (marshalled !== undefined) return marshalled;
  switch (value.type.kind) {
    case "bool":
      return String(value.bool);
    case "float32":
    case "float64":
      return jsonFloat(value);
    case "string":
      return jsonString(value.string);
    case "struct":
      return jsonStruct(value);
    case "map":
      return value.isNil ? "null" : jsonMap(value);
    case "slice":
      return value.isNil ? "null" : jsonList(value);
    case "array":
      return jsonList(value);
    case "interface":
      return toJson(contents(value));
    case "ptr":
      return toJson(elem(value));
    case "chan":
    case "func":
    case "complex128":
      throw new GoError(`json: unsupported type: ${value.type.name}`);
    default:
      return String(value.int);
  }
}

/** What `MarshalJSON` or `MarshalText` gives, where there is one. */
function byMethod(value: Value): ByteString | undefined {
  const { type, traits } = value;
  const pointer = traits.addressable === true && type.kind !== "ptr" &&
    type.kind !== "interface";
  for (const name of ["MarshalJSON", "MarshalText"] as const) {
    const own = methodOf(type, name, false) !== undefined;
    if (!own && !(pointer && methodOf(pointerTo(type), name, false))) continue;
    if (type.kind === "ptr" && value.isNil) return "null";
    const target = own ? value : addressOf(value);
    const result = bindMethod(target, name)?.callable?.call([]);
    if (result === undefined) continue;
    const text = bytesOf(result);
    return name === "MarshalText" ? jsonString(text) : compact(text);
  }
  return undefined;
}

function jsonFloat(value: Value): ByteString {
  const { float } = value;
  if (!Number.isFinite(float)) {
    throw new GoError(`json: unsupported value: ${float}`);
  }
  const size = Math.abs(float);
  const bits = value.type.kind === "float32" ? 32 : 64;
  const isPlain = size === 0 || (size >= 1e-6 && size < 1e21);
  return isPlain
    ? formatFloat(float, { verb: "f", bits })
    : formatFloat(float, { verb: "e", bits }).replace(/e-0(\d)$/, "e-$1");
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Writes a string as JSON; what is no UTF-8 becomes U+FFFD. */
export function jsonString(text: ByteString): ByteString {
  // deno-lint-ignore no-control-regex -- what JSON does not take as it is
  if (!/[\x00-\x1f"\\\x80-\xff]/.test(text)) return `"${text}"`;
  let out = '"';
  for (const { rune, size, at } of runes(text)) {
    const char = text.slice(at, at + size);
    const isBad = rune === RUNE_ERROR && size === 1;
    const escaped = isBad || rune < 0x20 || rune === 0x2028 || rune === 0x2029;
    out += ESCAPES[char] ??
      (escaped ? `\\u${rune.toString(16).padStart(4, "0")}` : char);
  }
  return out + '"';
}

function jsonList(list: Value): ByteString {
  const { elem } = list.type;
  if (list.type.kind === "slice" && elem.kind === "uint8") {
    return `"${btoa(bytesOf(list))}"`;
  }
  const parts = Array.from(
    { length: lengthOf(list) },
    (_, i) => toJson(elementOf(list, i)),
  );
  return `[${parts.join(",")}]`;
}

function jsonMap(map: Value): ByteString {
  const { key } = map.type;
  const hasText = methodOf(key, "MarshalText", false) !== undefined;
  if (key.kind !== "string" && !isInteger(key.kind) && !hasText) {
    throw new GoError(`json: unsupported type: ${map.type.name}`);
  }
  const members = sortedEntries(map).map(({ key, value }) => ({
    name: keyText(key),
    value: toJson(value),
  })).sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const parts = members.map(({ name, value }) =>
    `${jsonString(name)}:${value}`
  );
  return `{${parts.join(",")}}`;
}

function keyText(key: Value): ByteString {
  if (key.type.kind === "string") return key.string;
  const text = bindMethod(key, "MarshalText")?.callable?.call([]);
  return text === undefined ? String(key.int) : bytesOf(text);
}

interface Member {
  readonly name: string;
  readonly options: readonly string[];
  readonly path: readonly Field[];
  readonly tagged: boolean;
}

const members = new WeakMap<Type, readonly Member[]>();

function jsonStruct(value: Value): ByteString {
  const known = members.get(value.type) ?? membersOf(value.type);
  members.set(value.type, known);
  const parts: ByteString[] = [];
  for (const { name, options, path } of known) {
    const field = follow(value, path);
    if (field === undefined) continue;
    if (options.includes("omitempty") && isEmpty(field)) continue;
    if (options.includes("omitzero") && isZero(field)) continue;
    const text = toJson(field);
    const quoted = options.includes("string") && isQuotable(field.type);
    parts.push(
      `${jsonString(toByteString(name))}:${quoted ? jsonString(text) : text}`,
    );
  }
  return `{${parts.join(",")}}`;
}

function isQuotable({ kind }: Type): boolean {
  return kind === "string" || kind === "bool" || kind.startsWith("float") ||
    isInteger(kind);
}

/** Reads a field through embedded ones; `undefined` behind a nil pointer. */
function follow(value: Value, path: readonly Field[]): Value | undefined {
  let at: Value | undefined = value;
  for (const field of path) {
    if (at?.type.kind === "ptr") at = elem(at);
    if (at === undefined) return undefined;
    at = fieldOf(at, field);
  }
  return at;
}

/**
 * The members of an object: fields, and those of embedded structs that no
 * other of the same name hides. The shallowest wins, then the tagged one.
 */
function membersOf(type: Type): readonly Member[] {
  const found = new Map<string, Member[]>();
  collect(type, [], { found, seen: new Set() });
  const kept: Member[] = [];
  for (const same of found.values()) {
    const depth = Math.min(...same.map(({ path }) => path.length));
    const shallow = same.filter(({ path }) => path.length === depth);
    const tagged = shallow.filter((member) => member.tagged);
    const [only, ...others] = tagged.length > 0 ? tagged : shallow;
    if (only !== undefined && others.length === 0) kept.push(only);
  }
  return kept.sort(byPlace(type));
}

/** Puts members in the order in which their fields are declared. */
function byPlace(type: Type): (a: Member, b: Member) => number {
  const place = ({ path }: Member): number[] => {
    let at = type;
    return path.map((field) => {
      const index = at.fields.indexOf(field);
      at = field.type.kind === "ptr" ? field.type.elem : field.type;
      return index;
    });
  };
  return (a, b) => {
    const [left, right] = [place(a), place(b)];
    const i = left.findIndex((index, i) => index !== right[i]);
    return (left[i] ?? 0) - (right[i] ?? 0);
  };
}

function collect(
  type: Type,
  path: readonly Field[],
  state: {
    readonly found: Map<string, Member[]>;
    readonly seen: ReadonlySet<Type>;
  },
): void {
  if (state.seen.has(type)) return;
  const seen = new Set([...state.seen, type]);
  for (const field of type.fields) {
    const inner = field.type.kind === "ptr" ? field.type.elem : field.type;
    const isEmbedded = field.embedded === true;
    const opens = isEmbedded && inner.kind === "struct";
    if (field.json === "-" || (field.unexported === true && !opens)) continue;
    const [name = "", ...options] = (field.json ?? "").split(",");
    const here = [...path, field];
    if (opens && name === "") {
      collect(inner, here, { ...state, seen });
      continue;
    }
    const shown = name === "" ? field.name : name;
    const same = state.found.get(shown) ?? [];
    same.push({ name: shown, options, path: here, tagged: name !== "" });
    state.found.set(shown, same);
  }
}

function isEmpty(value: Value): boolean {
  switch (value.type.kind) {
    case "array":
    case "map":
    case "slice":
    case "string":
      return lengthOf(value) === 0;
    case "bool":
      return !value.bool;
    case "float32":
    case "float64":
      return value.float === 0;
    case "interface":
    case "ptr":
      return value.isNil;
    case "struct":
    case "func":
    case "chan":
    case "complex128":
      return false;
    default:
      return value.int === 0n;
  }
}

function isZero(value: Value): boolean {
  const own = bindMethod(value, "IsZero")?.callable?.call([]);
  if (own !== undefined) return own.bool;
  switch (value.type.kind) {
    case "struct":
      return value.type.fields.every((field) => isZero(fieldOf(value, field)));
    case "slice":
    case "map":
    case "func":
      return value.isNil;
    case "array":
      return Array.from(
        { length: lengthOf(value) },
        (_, i) => isZero(elementOf(value, i)),
      ).every(Boolean);
    default:
      return equal(value, zero(value.type));
  }
}

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Takes the space out of JSON text. */
export function compact(json: ByteString): ByteString {
  return (json.match(TOKENS) ?? []).join("");
}

/** Spreads compact JSON over lines, two spaces a level. */
export function indentJson(json: ByteString): ByteString {
  let out = "";
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const tokens = json.match(TOKENS) ?? [];
  for (const [i, token] of tokens.entries()) {
    const before = tokens[i - 1];
    const opened = before === "{" || before === "[";
    if (token === "}" || token === "]") {
      depth--;
      out += opened ? token : line() + token;
      continue;
    }
    if (opened) {
      out += line();
    }
    out += token;
    if (token === "{" || token === "[") depth++;
    else if (token === ",") out += line();
    else if (token === ":") out += " ";
  }
  return out;
}
