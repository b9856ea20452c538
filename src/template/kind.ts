/**
 * The kinds of Go's types.
 *
 * @module
 */

/** The kinds of types (`reflect.Kind`). */
export type Kind =
  | "bool"
  | IntegerKind
  | "float32"
  | "float64"
  | "complex128"
  | "string"
  | "slice"
  | "array"
  | "map"
  | "struct"
  | "ptr"
  | "interface"
  | "func"
  | "chan";

/** The kinds of integers. */
export type IntegerKind =
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "uintptr";

const INTEGERS = /^u?int(?:\d+|ptr)?$/;

/** Tells whether a kind is a signed integer. */
export function isSigned(kind: Kind): boolean {
  return kind.startsWith("int") && INTEGERS.test(kind);
}

/** Tells whether a kind is an unsigned integer. */
export function isUnsigned(kind: Kind): boolean {
  return kind.startsWith("uint");
}

/** Tells whether a kind is an integer. */
export function isInteger(kind: Kind): kind is IntegerKind {
  return INTEGERS.test(kind);
}

/** The width of an integer in bits. */
export function bitsOf(kind: Kind): number {
  const digits = /\d+$/.exec(kind)?.[0];
  return digits === undefined ? 64 : Number(digits);
}
