/**
 * Go's values: a type, and what JavaScript holds of it.
 *
 * @module
 */
import {
  type ByteString,
  fromBytes,
  toBytes,
  toByteString,
  toText,
} from "./byte_string.ts";
import { GoError } from "./errors.ts";
import { bitsOf, isInteger, isUnsigned } from "./kind.ts";
import { mapOf, pointerTo, sliceOf } from "./make_type.ts";
import {
  ANY,
  BOOL,
  type Elements,
  type Field,
  FLOAT64,
  INT,
  INT64,
  isComplex,
  isElements,
  STRING,
  type Type,
  UINT8,
  Value,
  type ValueTraits,
} from "./type.ts";
import { isComparable } from "./type_rules.ts";

const NO_TRAITS: ValueTraits = {};
const ADDRESSABLE: ValueTraits = { addressable: true };

/**
 * Makes a value of a type from what JavaScript holds: text for strings, numbers
 * or bigints for integers, arrays or `Uint8Array` for slices, `Map` or objects
 * for maps, whatever the fields read from for structs. `null` and `undefined`
 * are the zero value. A {@linkcode Value} stays what it is.
 */
export function wrap(
  type: Type,
  host: unknown,
  traits: ValueTraits = NO_TRAITS,
): Value {
  if (host instanceof Value) {
    if (type.kind === "interface") {
      const inner = host.type.kind === "interface" ? host.data : host;
      return new Value(type, inner ?? null, traits);
    }
    return new Value(type, host.data, traits);
  }
  return new Value(type, dataOf(type, host), traits);
}

function dataOf(type: Type, host: unknown): unknown {
  switch (type.kind) {
    case "bool":
      return host === true;
    case "string":
      return typeof host === "string"
        ? toByteString(host)
        : host instanceof Uint8Array
        ? fromBytes(host)
        : "";
    case "float64":
      return typeof host === "number" ? host : Number(host ?? 0);
    case "float32":
      return Math.fround(Number(host ?? 0));
    case "complex128":
      return isComplex(host) ? host : { re: 0, im: 0 };
    case "slice":
      return host === null || host === undefined ? null : elementsOf(host);
    case "array":
      return { ...elementsOf(host ?? []), length: type.length };
    case "interface":
      return valueOf(host) ?? null;
    default:
      return isInteger(type.kind) ? integerOf(host) : host ?? null;
  }
}

function integerOf(host: unknown): bigint {
  if (typeof host === "bigint") return host;
  return typeof host === "number" && Number.isFinite(host)
    ? BigInt(Math.trunc(host))
    : 0n;
}

function elementsOf(host: unknown): Elements {
  if (isElements(host)) return host;
  const items = Array.isArray(host) || host instanceof Uint8Array ? host : [];
  const { length } = items;
  return { items, offset: 0, length, capacity: length };
}

const ANY_SLICE = sliceOf(ANY);
const ANY_MAP = mapOf(STRING, ANY);
const BYTES = sliceOf(UINT8);

/**
 * Gives plain JavaScript data the types that Go's JSON reader gives it, but for
 * integers, which are `int64`. `undefined` is untyped nil.
 */
export function valueOf(host: unknown): Value | undefined {
  switch (typeof host) {
    case "boolean":
      return wrap(BOOL, host);
    case "bigint":
      return wrap(INT64, host);
    case "number":
      return wrap(Number.isSafeInteger(host) ? INT64 : FLOAT64, host);
    case "string":
      return wrap(STRING, host);
    case "object":
      if (host === null) return undefined;
      if (host instanceof Value) {
        return host.type.kind === "interface" ? contents(host) : host;
      }
      if (host instanceof Uint8Array) return wrap(BYTES, host);
      return wrap(Array.isArray(host) ? ANY_SLICE : ANY_MAP, host);
    default:
      return undefined;
  }
}

/** A Go string. */
export function stringValue(bytes: ByteString): Value {
  return new Value(STRING, bytes);
}
/** A Go int. */
export function intValue(value: number | bigint): Value {
  return new Value(INT, BigInt(value));
}
/** A Go bool. */
export function boolValue(value: boolean): Value {
  return new Value(BOOL, value);
}

/** The text of a string, or of a list of bytes, for JavaScript. */
export function textOf(value: Value | undefined): string {
  return value === undefined ? "" : toText(value.string);
}

/** The zero value of a type. */
export function zero(type: Type): Value {
  return wrap(type, undefined);
}

/** What an interface holds; `undefined` for nil. */
export function contents(value: Value): Value | undefined {
  return value.data instanceof Value ? value.data : undefined;
}

/** What a pointer points to, or an interface holds; `undefined` for nil. */
export function elem(value: Value): Value | undefined {
  if (value.type.kind === "interface") return contents(value);
  if (value.data === null) return undefined;
  return wrap(value.type.elem, value.data, {
    addressable: true,
    hidden: value.traits.hidden,
  });
}

/** A pointer to a value. */
export function addressOf(value: Value): Value {
  const inner = value.type.kind === "struct" ? value.data ?? value : value;
  return new Value(pointerTo(value.type), inner);
}

/** The value in an interface, and any other value itself; `undefined` for nil. */
export function unwrapInterface(value: Value | undefined): Value | undefined {
  return value?.type.kind === "interface" ? contents(value) : value;
}

/** The value at the end of pointers and interfaces, and whether that end is nil. */
export function indirect(
  value: Value | undefined,
): { readonly value: Value | undefined; readonly isNil: boolean } {
  let at = value;
  while (at?.type.kind === "ptr" || at?.type.kind === "interface") {
    const next: Value | undefined = elem(at);
    if (next === undefined) return { value: at, isNil: true };
    at = next;
  }
  return { value: at, isNil: false };
}

/** Reads a field of a struct. */
export function fieldOf(value: Value, field: Field): Value {
  const host = value.data === null ? undefined : readField(value.data, field);
  const hidden = field.unexported === true
    ? field.embedded === true ? "embedded" : "field"
    : value.traits.hidden === "field"
    ? "field"
    : undefined;
  const addressable = value.traits.addressable ?? false;
  if (hidden === undefined) {
    return wrap(field.type, host, addressable ? ADDRESSABLE : NO_TRAITS);
  }
  return wrap(field.type, host, { addressable, hidden });
}

function readField(host: unknown, field: Field): unknown {
  if (field.get !== undefined) return field.get(host);
  return typeof host === "object" && host !== null
    ? Reflect.get(host, field.name)
    : undefined;
}

/** Reads an element of a slice or an array, or a byte of a string. */
export function elementOf(value: Value, index: number): Value {
  if (value.type.kind === "string") {
    return new Value(UINT8, BigInt(value.string.charCodeAt(index)));
  }
  const { items, offset } = value.elements ?? elementsOf([]);
  const addressable = value.type.kind === "slice" ||
    value.traits.addressable === true;
  const { hidden } = value.traits;
  return wrap(
    value.type.elem,
    items[offset + index],
    hidden === undefined && addressable ? ADDRESSABLE : { addressable, hidden },
  );
}

/** The length of a string, a slice, an array, a map or a channel. */
export function lengthOf(value: Value): number {
  switch (value.type.kind) {
    case "string":
      return value.string.length;
    case "map":
      return mapSize(value.data);
    case "chan":
      return Array.isArray(value.data) ? value.data.length : 0;
    default:
      return value.elements?.length ?? 0;
  }
}

function mapSize(data: unknown): number {
  if (data instanceof Map) return data.size;
  return data === null || typeof data !== "object"
    ? 0
    : Object.keys(data).length;
}

/** What a key is in the JavaScript map or object. */
function hostKey(key: Value): unknown {
  const inner = unwrapInterface(key);
  return inner?.type.kind === "string" ? toText(inner.string) : inner?.data;
}

/** Looks a key up in a map; `undefined` where there is none. */
export function mapEntry(map: Value, key: Value): Value | undefined {
  const name = hostKey(key);
  const { data } = map;
  if (data instanceof Map) {
    return data.has(name)
      ? wrap(map.type.elem, data.get(name), hiddenOnly(map))
      : undefined;
  }
  if (data === null || typeof data !== "object") return undefined;
  const text = String(name);
  return Object.hasOwn(data, text)
    ? wrap(map.type.elem, Reflect.get(data, text), hiddenOnly(map))
    : undefined;
}

function hiddenOnly({ traits }: Value): ValueTraits {
  return traits.hidden === undefined ? NO_TRAITS : { hidden: traits.hidden };
}

/** A key of a map with its value. */
export interface MapEntry {
  /** The key. */
  readonly key: Value;
  /** The value. */
  readonly value: Value;
}

/** The entries of a map in the order of their keys. */
export function sortedEntries(map: Value): MapEntry[] {
  const { data, type } = map;
  if (data === null || typeof data !== "object") return [];
  const traits = hiddenOnly(map);
  const pairs: Iterable<readonly [unknown, unknown]> = data instanceof Map
    ? data
    : Object.entries(data);
  return Array.from(pairs, ([key, value]) => ({
    key: wrap(type.key, key, traits),
    value: wrap(type.elem, value, traits),
  })).sort((a, b) => compareKeys(a.key, b.key));
}

/** Go's order of map keys: numbers and strings by `<`, false before true, nil first. */
function compareKeys(left: Value, right: Value): number {
  const a = unwrapInterface(left);
  const b = unwrapInterface(right);
  if (a === undefined || b === undefined) {
    return Number(a !== undefined) - Number(b !== undefined);
  }
  if (a.type !== b.type) return a.type.name < b.type.name ? -1 : 1;
  switch (a.type.kind) {
    case "string":
      return order(a.string, b.string);
    case "bool":
      return order(Number(a.bool), Number(b.bool));
    case "float32":
    case "float64":
      if (Number.isNaN(a.float) || Number.isNaN(b.float)) {
        return Number(Number.isNaN(b.float)) - Number(Number.isNaN(a.float));
      }
      return order(a.float, b.float);
    default:
      return order(a.int, b.int);
  }
}

function order<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Brings an integer into the range of its type, as Go's conversions do. */
export function fitInteger(type: Type, value: bigint): bigint {
  const bits = bitsOf(type.kind);
  return isUnsigned(type.kind)
    ? BigInt.asUintN(bits, value)
    : BigInt.asIntN(bits, value);
}

/**
 * Go's `==` on two interface values.
 *
 * @throws {GoError} For types that cannot be compared, as Go panics.
 */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.type !== b.type) return false;
  switch (a.type.kind) {
    case "interface":
      return equal(contents(a), contents(b));
    case "complex128":
      return a.complex.re === b.complex.re && a.complex.im === b.complex.im;
    case "slice":
    case "map":
    case "func":
      throw uncomparable(a.type);
    case "struct":
      if (!isComparable(a.type)) throw uncomparable(a.type);
      return a.type.fields.every((field) =>
        equal(fieldOf(a, field), fieldOf(b, field))
      );
    case "array":
      if (!isComparable(a.type)) throw uncomparable(a.type);
      return Array.from(
        { length: a.type.length },
        (_, i) => equal(elementOf(a, i), elementOf(b, i)),
      ).every(Boolean);
    case "ptr":
      return identity(a.data) === identity(b.data);
    default:
      return a.data === b.data;
  }
}

function identity(data: unknown): unknown {
  return data instanceof Value ? data.data : data;
}

function uncomparable(type: Type): GoError {
  return new GoError(
    `runtime error: comparing uncomparable type ${type.name}`,
  );
}

/** Whether `if` takes a value for true. */
export function truth(value: Value | undefined): boolean {
  if (value === undefined) return false;
  switch (value.type.kind) {
    case "bool":
      return value.bool;
    case "array":
    case "map":
    case "slice":
    case "string":
      return lengthOf(value) > 0;
    case "float32":
    case "float64":
      return value.float !== 0;
    case "complex128":
      return value.complex.re !== 0 || value.complex.im !== 0;
    case "struct":
      return true;
    case "chan":
    case "func":
    case "interface":
    case "ptr":
      return !value.isNil;
    default:
      return value.int !== 0n;
  }
}

/** The bytes of a `[]uint8` or of an array of them. */
export function bytesOf(value: Value): ByteString {
  const { items, offset, length } = value.elements ?? elementsOf([]);
  if (items instanceof Uint8Array) {
    return fromBytes(items.subarray(offset, offset + length));
  }
  let out = "";
  for (let i = 0; i < length; i++) {
    out += String.fromCharCode(Number(elementOf(value, i).int));
  }
  return out;
}

/** A `[]uint8` of bytes. */
export function bytesValue(bytes: ByteString): Value {
  return wrap(BYTES, toBytes(bytes));
}

const NUMBER_LITERAL = /^-?\d+$/;

/**
 * Reads JSON into Go values, integers apart from other numbers by how they are
 * written, as Go programs with `json.Number` do.
 *
 * @throws {SyntaxError} For text that is no JSON.
 */
export function valueFromJson(text: string): Value | undefined {
  const revive = (
    _key: string,
    value: unknown,
    ...[context]: readonly { readonly source?: string }[]
  ): unknown => {
    const source = context?.source;
    if (typeof value !== "number" || source === undefined) return value;
    if (!NUMBER_LITERAL.test(source)) return wrap(FLOAT64, value);
    const whole = BigInt(source);
    return BigInt.asIntN(64, whole) === whole
      ? wrap(INT64, whole)
      : wrap(FLOAT64, value);
  };
  return valueOf(JSON.parse(text, revive));
}
