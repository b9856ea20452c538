/**
 * The values of literals.
 *
 * @module
 */
import type { Fail } from "./errors.ts";
import { isSigned, isUnsigned } from "./kind.ts";
import { nodeText, type NumberNode, type Operand } from "./node.ts";
import {
  COMPLEX128,
  FLOAT64,
  INT,
  REFLECT_VALUE,
  type Type,
  Value,
} from "./type.ts";
import { boolValue, fitInteger, stringValue, wrap } from "./value.ts";

/** A literal where nothing says which type it should have. */
export function constantValue(operand: Operand, fail: Fail): Value {
  switch (operand.type) {
    case "bool":
      return boolValue(operand.value);
    case "number":
      return numberValue(operand, fail);
    case "string":
      return stringValue(operand.value);
    default:
      throw fail(`can't evaluate command ${nodeText(operand)}`);
  }
}

/** A number where nothing says which type it should have. */
function numberValue(node: NumberNode, fail: Fail): Value {
  const { text, complex, float, int } = node;
  if (complex !== undefined) return new Value(COMPLEX128, complex);
  const isHexInteger = /^0[xX]/.test(text) && !/[pP]/.test(text);
  if (
    float !== undefined && !isHexInteger && !text.startsWith("'") &&
    /[.eEpP]/.test(text)
  ) return new Value(FLOAT64, float);
  if (int === undefined) throw fail(`${text} overflows int`);
  return new Value(INT, int);
}

/** A literal as a value of the type of a parameter. */
export function literalValue(
  operand: Operand,
  type: Type,
  fail: Fail,
): Value {
  const { kind } = type;
  const found = (what: string) =>
    fail(`expected ${what}; found ${nodeText(operand)}`);
  const number = operand.type === "number" ? operand : undefined;
  if (kind === "bool") {
    if (operand.type !== "bool") throw found("bool");
    return new Value(type, operand.value);
  }
  if (kind === "string") {
    if (operand.type !== "string") throw found("string");
    return new Value(type, operand.value);
  }
  if (isSigned(kind)) {
    if (number?.int === undefined) throw found("integer");
    return new Value(type, fitInteger(type, number.int));
  }
  if (isUnsigned(kind)) {
    if (number?.uint === undefined) throw found("unsigned integer");
    return new Value(type, fitInteger(type, number.uint));
  }
  if (kind === "float32" || kind === "float64") {
    if (number?.float === undefined) throw found("float");
    return wrap(type, number.float);
  }
  if (kind === "complex128") {
    if (number?.complex === undefined) throw found("complex");
    return new Value(type, number.complex);
  }
  const takesAny = type === REFLECT_VALUE ||
    (kind === "interface" && type.methods.size === 0);
  const value = takesAny ? constantValue(operand, fail) : undefined;
  if (value === undefined) {
    throw fail(
      `can't handle ${nodeText(operand)} for arg of type ${type.name}`,
    );
  }
  return value;
}
