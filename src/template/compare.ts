/**
 * The functions `eq`, `ne`, `lt`, `le`, `gt` and `ge`.
 *
 * @module
 */
import { toText } from "./byte_string.ts";
import { GoError } from "./errors.ts";
import { type FunctionMap, templateFunction } from "./function.ts";
import { sprintf } from "./printf.ts";
import { BOOL, REFLECT_VALUE, type Result, type Value } from "./type.ts";
import { isComparable } from "./type_rules.ts";
import { isInteger, isUnsigned } from "./kind.ts";
import { sliceOf } from "./make_type.ts";
import { boolValue, equal, unwrapInterface } from "./value.ts";

type Basic = "bool" | "complex" | "int" | "uint" | "float" | "string";

function basicKind(value: Result): Basic | undefined {
  const kind = value?.type.kind;
  switch (kind) {
    case undefined:
      return undefined;
    case "bool":
    case "string":
      return kind;
    case "complex128":
      return "complex";
    case "float32":
    case "float64":
      return "float";
    default:
      return isUnsigned(kind) ? "uint" : isInteger(kind) ? "int" : undefined;
  }
}

const areIntegers = (a?: Basic, b?: Basic) =>
  (a === "int" && b === "uint") || (a === "uint" && b === "int");

function incompatible(a: Value, b: Value): GoError {
  return new GoError(
    `incompatible types for comparison: ${a.type.name} and ${b.type.name}`,
  );
}

/** `a == b`, by the rules of templates. */
function areEqual(a: Result, b: Result): boolean {
  const left = basicKind(a);
  const right = basicKind(b);
  if (left !== right) {
    if (a === undefined || b === undefined) return false;
    if (!areIntegers(left, right)) throw incompatible(a, b);
    return a.int === b.int;
  }
  if (a === undefined || b === undefined) return isNil(a) && isNil(b);
  switch (left) {
    case "float":
      return a.float === b.float;
    case undefined:
      return areSame(a, b);
    case "complex":
      return a.complex.re === b.complex.re && a.complex.im === b.complex.im;
    default:
      return a.data === b.data;
  }
}

const isNil = (value: Result) => value === undefined || value.isNil;

function areSame(a: Value, b: Value): boolean {
  if (a.type.kind !== b.type.kind) {
    const left = toText(sprintf("%s", [a]));
    const right = toText(sprintf("%v", [b]));
    throw new GoError(
      `non-comparable types ${left}: ${a.type.name}, ${b.type.name}: ${right}`,
    );
  }
  if (a.isNil || b.isNil) return a.isNil === b.isNil;
  if (!isComparable(b.type)) {
    const shown = toText(sprintf("%s", [b]));
    throw new GoError(`non-comparable type ${shown}: ${b.type.name}`);
  }
  return equal(a, b);
}

/** `a < b`, by the rules of templates. */
function isLess(a: Result, b: Result): boolean {
  const left = basicKind(a);
  const right = basicKind(b);
  const bad = () => new GoError("invalid type for comparison");
  if (
    a === undefined || b === undefined || left === undefined ||
    right === undefined
  ) throw bad();
  if (left !== right) {
    if (!areIntegers(left, right)) throw incompatible(a, b);
    return a.int < b.int;
  }
  switch (left) {
    case "bool":
    case "complex":
      throw bad();
    case "float":
      return a.float < b.float;
    case "string":
      return a.string < b.string;
    default:
      return a.int < b.int;
  }
}

const isLessOrEqual = (a: Result, b: Result) => isLess(a, b) || areEqual(a, b);

function comparison(test: (a: Result, b: Result) => boolean) {
  return templateFunction([REFLECT_VALUE, REFLECT_VALUE], BOOL, {
    call: ([a, b]) => boolValue(test(unwrapInterface(a), unwrapInterface(b))),
  });
}

/** The functions that compare. */
export const COMPARISONS: FunctionMap = new Map([
  [
    "eq",
    templateFunction([REFLECT_VALUE, sliceOf(REFLECT_VALUE)], BOOL, {
      variadic: true,
      call([first, ...others]) {
        if (others.length === 0) {
          throw new GoError("missing argument for comparison");
        }
        const a = unwrapInterface(first);
        return boolValue(
          others.some((other) => areEqual(a, unwrapInterface(other))),
        );
      },
    }),
  ],
  ["ne", comparison((a, b) => !areEqual(a, b))],
  ["lt", comparison(isLess)],
  ["le", comparison(isLessOrEqual)],
  ["gt", comparison((a, b) => !isLessOrEqual(a, b))],
  ["ge", comparison((a, b) => !isLess(a, b))],
]);
