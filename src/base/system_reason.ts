/**
 * Why the system refused a file.
 *
 * @module
 */
import { messageOf } from "./errors.ts";

/** The reason in the words of the system, as upstream prints it; other messages as they are. */
export function systemReason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or directory";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return messageOf(error);
}
