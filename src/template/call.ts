/**
 * Calls methods of values.
 *
 * @module
 */
import { GoError } from "./errors.ts";
import { type Callable, type Result, type Selector, Value } from "./type.ts";
import { methodOf } from "./type_rules.ts";
import { addressOf, elem, fieldOf, unwrapInterface } from "./value.ts";

const NIL_DEREFERENCE =
  "runtime error: invalid memory address or nil pointer dereference";

/** Finds a method of a value and binds it; `undefined` where it has none of that name. */
export function bindMethod(value: Value, name: string): Value | undefined {
  const { type, traits } = value;
  const found = methodOf(type, name, traits.addressable ?? false);
  if (found?.method === undefined) return undefined;
  const callable: Callable = {
    call: (args) => callMethod(value, found, args),
  };
  return new Value(found.method.type, callable);
}

/**
 * Calls a method that takes nothing and gives a string.
 *
 * @returns `undefined` where the value has no such method.
 * @throws {GoError} What the method fails with.
 */
export function callStringMethod(
  value: Value,
  name: "Error" | "String" | "GoString",
): string | undefined {
  if (value.traits.hidden !== undefined) return undefined;
  const found = methodOf(value.type, name, false);
  if (found?.method === undefined) return undefined;
  if (found.method.type.parameters.length > 0) return undefined;
  return callMethod(value, found, [])?.string ?? "";
}

function callMethod(
  value: Value,
  { path, method }: Selector,
  args: readonly Result[],
): Result {
  if (method === undefined) return undefined;
  let holder = value;
  for (const field of path) {
    holder = fieldOf(pointee(holder, NIL_DEREFERENCE), field);
  }
  const receiver = unwrapInterface(holder);
  if (receiver === undefined) throw new GoError(NIL_DEREFERENCE);
  if (method.pointer === true) {
    const isPointer = receiver.type.kind === "ptr";
    return method.call(isPointer ? receiver : addressOf(receiver), args);
  }
  const { name } = receiver.type.kind === "ptr"
    ? receiver.type.elem
    : receiver.type;
  const bare = name.slice(name.lastIndexOf(".") + 1);
  const problem = path.length > 0
    ? NIL_DEREFERENCE
    : `value method ${name}.${method.name} called using nil *${bare} pointer`;
  return method.call(pointee(receiver, problem), args);
}

function pointee(value: Value, problem: string): Value {
  if (value.type.kind !== "ptr") return value;
  const found = elem(value);
  if (found === undefined) throw new GoError(problem);
  return found;
}
