/**
 * What an action prints of a value.
 *
 * @module
 */
import { ERROR, interfaceType, pointerTo } from "./make_type.ts";
import { type Value } from "./type.ts";
import { implementsInterface } from "./type_rules.ts";
import { functionOf } from "./make_type.ts";
import { type Result, STRING } from "./type.ts";
import { addressOf, indirect, stringValue, unwrapInterface } from "./value.ts";

/** `fmt.Stringer`. */
export const STRINGER = interfaceType("fmt.Stringer", () => [{
  name: "String",
  type: functionOf([], [STRING]),
  call: () => undefined,
}]);

/** Wraps what is printed, so that nil differs from what cannot be printed. */
export interface Printable {
  /** The operand for the printer. */
  readonly operand: Result;
}

/** What is printed of a value: what it points to, with the methods of the pointer; `undefined` for functions and channels. */
export function printable(value: Result): Printable | undefined {
  const target = value?.type.kind === "ptr" ? indirect(value).value : value;
  if (target === undefined) return { operand: stringValue("<no value>") };
  const { type, traits } = target;
  if (!hasText(target)) {
    const pointer = pointerTo(type);
    if (
      traits.addressable === true &&
      (implementsInterface(pointer, ERROR) ||
        implementsInterface(pointer, STRINGER))
    ) return { operand: addressOf(target) };
    if (type.kind === "chan" || type.kind === "func") return undefined;
  }
  return { operand: unwrapInterface(target) };
}

function hasText({ type }: Value): boolean {
  return implementsInterface(type, ERROR) ||
    implementsInterface(type, STRINGER);
}
