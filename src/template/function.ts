/**
 * Functions that templates can call.
 *
 * @module
 */
import type { Budget } from "./budget.ts";
import { functionOf } from "./make_type.ts";
import { type Result, type Type } from "./type.ts";

/** What a running template may reach of the world. */
export interface Surroundings {
  /** What the run may use up. */
  readonly budget: Budget;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Reads a file; whatever it throws counts as no file. */
  readonly readFile: (path: string) => string | Uint8Array;
}

/** A function that templates can call by its name. */
export interface TemplateFunction {
  /** Its Go type; a `reflect.Value` parameter takes anything. */
  readonly type: Type;
  /**
   * Runs it. What a parameter of an interface type gets is what the interface
   * holds; a variadic gets its arguments one by one.
   *
   * @throws {GoError} What Go would return as its error.
   */
  readonly call: (
    args: readonly Result[],
    surroundings: Surroundings,
  ) => Result;
}

/** Functions by their names. */
export type FunctionMap = ReadonlyMap<string, TemplateFunction>;

/** Declares a function. */
export function templateFunction(
  parameters: readonly Type[],
  result: Type,
  options: Pick<TemplateFunction, "call"> & { readonly variadic?: boolean },
): TemplateFunction {
  const { call, variadic = false } = options;
  return { type: functionOf(parameters, [result], { variadic }), call };
}
