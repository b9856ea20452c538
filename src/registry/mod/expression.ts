/**
 * Regular expressions that modifications are given.
 *
 * @module
 */
import { RE2JS } from "re2js";
import { messageOf, RegError } from "../../base/errors.ts";

/**
 * Compiles an expression of RE2.
 *
 * @throws {RegError} `usage` for one that is none.
 */
export function compileExpression(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression);
  } catch (cause) {
    throw new RegError(
      "usage",
      `Cannot parse regular expression "${expression}": ${messageOf(cause)}`,
      { cause },
    );
  }
}
