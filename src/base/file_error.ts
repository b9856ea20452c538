/**
 * What the file system refused, as an error of ours.
 *
 * @module
 */
import { messageOf, RegError } from "./errors.ts";

/**
 * Turns an error of the file system into a {@linkcode RegError} `file`; any other
 * value passes as it is.
 *
 * @param action What could not be done, such as `write "a.tar"`: an error of an
 * open file does not name it. Left out where the error names its path itself.
 */
export function fileError(error: unknown, action?: string): unknown {
  const isOfSystem = error instanceof Error && !(error instanceof RegError) &&
    (error.constructor.name in Deno.errors || "code" in error);
  if (!isOfSystem) return error;
  const text = messageOf(error);
  return new RegError(
    "file",
    action === undefined ? text : `Cannot ${action}: ${text}`,
    { cause: error },
  );
}
