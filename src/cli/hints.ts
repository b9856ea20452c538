/**
 * The next step that an error suggests: one line, a command where possible.
 *
 * @module
 */
import { isRegError } from "../base/errors.ts";
import { UsageError } from "./usage_error.ts";

/**
 * What to do about an error.
 *
 * @param error What was thrown.
 * @param tool The name of the tool that was called.
 */
export function hintFor(error: unknown, tool: string): string | undefined {
  if (error instanceof UsageError) return error.hint;
  if (!isRegError(error)) return undefined;
  if (error.code === "internal") {
    return `this is a defect of ${tool}: run again with -v debug and report it`;
  }
  // Errors of templates know better; naming their type would load the engine.
  return "hint" in error && typeof error.hint === "string"
    ? error.hint
    : undefined;
}
