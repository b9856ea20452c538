/**
 * What a step throws when it is stopped before it is done.
 *
 * @module
 */

/** A step was stopped from outside; it did not fail. */
export class Cancelled extends Error {
  /** Tells `isAbort` what it is. */
  override readonly name: string = "AbortError";
}
