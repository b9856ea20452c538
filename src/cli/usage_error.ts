/**
 * A command line that makes no sense.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";

/** Says what is wrong with a command line, and what to try instead. */
export class UsageError extends RegError {
  /** The name that stack traces print. */
  override readonly name: string = "UsageError";
  /** What to do next, one line. */
  readonly hint: string | undefined;

  /**
   * Makes an error.
   *
   * @param message Upstream's text where it has one.
   * @param hint What to do next, one line.
   */
  constructor(message: string, hint?: string) {
    super("usage", message);
    this.hint = hint;
  }
}
