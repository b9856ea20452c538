/**
 * What calls of functions and methods have in common, and the function `call`.
 *
 * @module
 */
import { prepareArgument } from "./builtins.ts";
import { type ByteString, toByteString, toText } from "./byte_string.ts";
import { GoError } from "./errors.ts";
import { ERROR } from "./make_type.ts";
import { ANY, type Result, type Type, Value } from "./type.ts";
import { unwrapInterface, wrap } from "./value.ts";

/** The name of the type, for messages. */
export function goName({ type }: Value): ByteString {
  return toByteString(type.name);
}

/** The type of a parameter; each of a variadic's arguments has its own. */
export function parameterOf(type: Type, at: number): Type {
  const { parameters, variadic } = type;
  const last = parameters.length - 1;
  return variadic && at >= last
    ? parameters[last]?.elem ?? ANY
    : parameters[at] ?? ANY;
}

/** Takes values out of interfaces, as Go does in passing them. */
export function prepared(type: Type, args: readonly Result[]): Result[] {
  return args.map((arg, i) =>
    parameterOf(type, i).kind === "interface" ? unwrapInterface(arg) : arg
  );
}

/** Gives a result the type that the function declares. */
export function finish(type: Type, value: Result): Result {
  const [declared = ANY] = type.results;
  return declared.kind === "interface" ? wrap(declared, value) : value;
}

/** What is wrong with the results of a function; two at most, the second an error. */
export function resultProblem(
  name: string,
  { results }: Type,
): string | undefined {
  const [, second] = results;
  if (results.length === 1 || (results.length === 2 && second === ERROR)) {
    return undefined;
  }
  return second !== undefined && results.length === 2
    ? `invalid function signature for ${name}: second return value should be error; is ${second.name}`
    : `function ${name} has ${results.length} return values; should be 1 or 2`;
}

/** What `reflect.Value.String` gives. */
export function reflectString(value: Result): ByteString {
  if (value === undefined) return "<invalid Value>";
  return value.type.kind === "string"
    ? value.string
    : `<${goName(value)} Value>`;
}

/** The function `call`: calls a function that is a value. */
export function callValue(
  name: ByteString,
  [first, ...rest]: readonly Result[],
): Result {
  const callee = unwrapInterface(first);
  if (callee === undefined) throw new GoError("call of nil");
  const { type } = callee;
  if (type.kind !== "func") {
    throw new GoError(`non-function ${toText(name)} of type ${type.name}`);
  }
  const problem = resultProblem(name, type);
  if (problem !== undefined) throw new GoError(problem);
  const wanted = type.parameters.length;
  const count = (want: string) =>
    new GoError(
      `wrong number of args for ${
        toText(name)
      }: got ${rest.length} want ${want}`,
    );
  if (type.variadic && rest.length < wanted - 1) {
    throw count(`at least ${wanted - 1}`);
  }
  if (!type.variadic && rest.length !== wanted) throw count(String(wanted));
  const args = rest.map((arg, i) => {
    try {
      return prepareArgument(unwrapInterface(arg), parameterOf(type, i));
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      throw new GoError(`arg ${i}: ${error.message}`, { cause: error });
    }
  });
  if (callee.callable === undefined) {
    throw new GoError(
      "runtime error: invalid memory address or nil pointer dereference",
    );
  }
  return finish(type, callee.callable.call(prepared(type, args)));
}

/** How much a function has to go through, roughly. */
export function sizeOf(arg: Result): number {
  const value = arg && unwrapInterface(arg);
  return value === undefined
    ? 0
    : value.string.length + (value.elements?.length ?? 0);
}
