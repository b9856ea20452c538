/**
 * Helps to declare the Go types of views.
 *
 * @module
 */
import {
  bytesValue,
  ERROR,
  type Field,
  fieldOf,
  functionOf,
  GoError,
  indirect,
  type Method,
  sliceOf,
  STRING,
  textOf,
  type Type,
  UINT8,
  type Value,
  wrap,
} from "../template/mod.ts";
import { toByteString } from "../template/byte_string.ts";

/** `[]string`. */
export const TEXTS: Type = sliceOf(STRING);
/** `[]uint8`. */
export const BYTES: Type = sliceOf(UINT8);

/** Reads a key of whatever holds a value. */
export function readKey(host: unknown, key: string): unknown {
  return typeof host === "object" && host !== null && Object.hasOwn(host, key)
    ? Reflect.get(host, key)
    : undefined;
}

/**
 * Declares a field that is read from the key that JSON has for it.
 *
 * @param json The `json` tag, such as `size,omitempty`.
 */
export function jsonField(
  name: string,
  type: Type,
  options: { readonly json: string },
): Field {
  const [key = ""] = options.json.split(",");
  const from = key === "" ? name : key;
  return { name, type, json: options.json, get: (host) => readKey(host, from) };
}

/** Options for {@linkcode getter}. */
export interface GetterOptions {
  /** Gives the result. */
  readonly read: (receiver: Value) => unknown;
  /** It is declared on the pointer. @default {false} */
  readonly pointer?: boolean;
  /** It has an error as second result. @default {false} */
  readonly fails?: boolean;
}

/** Declares a method without arguments. */
export function getter(
  name: string,
  result: Type,
  options: GetterOptions,
): Method {
  const { read, pointer = false, fails = false } = options;
  return {
    name,
    type: functionOf([], fails ? [result, ERROR] : [result]),
    pointer,
    call: (receiver) => wrap(result, read(receiver)),
  };
}

/** Declares `MarshalPretty`. */
export function prettyMethod(
  read: (receiver: Value) => string,
  options: { readonly pointer?: boolean } = {},
): Method {
  return {
    name: "MarshalPretty",
    type: functionOf([], [BYTES, ERROR]),
    pointer: options.pointer ?? false,
    call: (receiver) => bytesValue(toByteString(read(receiver))),
  };
}

/**
 * Reads a field, promoted ones too, through pointers.
 *
 * @throws {GoError} Behind a nil pointer.
 */
export function field(value: Value, name: string): Value {
  const { value: found, isNil } = indirect(value);
  const selector = isNil ? undefined : found?.type.selector(name, "field");
  if (found === undefined || selector?.field === undefined) {
    throw new GoError(
      "runtime error: invalid memory address or nil pointer dereference",
    );
  }
  const holder = selector.path.reduce<Value>(
    (at, step) => indirect(fieldOf(at, step)).value ?? at,
    found,
  );
  return fieldOf(holder, selector.field);
}

/** Reads a field as text. */
export function textField(value: Value, name: string): string {
  return textOf(field(value, name));
}
