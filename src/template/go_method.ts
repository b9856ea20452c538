/**
 * Declares methods of Go types.
 *
 * @module
 */
import { functionOf } from "./make_type.ts";
import { type Method, type Result, type Type, Value } from "./type.ts";

/** What a method does. */
type Run = (receiver: Value, args: readonly Result[]) => Result;

/** Declares a method of a Go type. */
export function method(
  name: string,
  parameters: readonly Type[],
  results: readonly Type[],
  ...[call, options = {}]: readonly [
    call: Run,
    options?: { readonly pointer?: boolean },
  ]
): Method {
  return { name, type: functionOf(parameters, results), call, ...options };
}
