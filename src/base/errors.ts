/**
 * The one error type of the project. Callers switch on `code`, never on text.
 *
 * @module
 */

/**
 * What went wrong, for programs. The command line maps each code to an exit
 * status in one table (`src/cli/explain.ts`).
 *
 * - `usage`, `config`, `reference`: the request made no sense; nothing was sent.
 * - `not_found`, `unauthorized`, `denied`, `rate_limited`, `unsupported`: what a
 *   registry, a layout or a file answered.
 * - `mismatch`: a digest, a size or a media type differs from what was promised.
 * - `invalid`: bytes from outside break their specification.
 * - `limit`: something from outside is larger than we accept.
 * - `network`, `timeout`: no answer, or none in time.
 * - `http`: any other HTTP status.
 * - `file`: the local file system refused.
 * - `script`: a Lua script failed.
 * - `partial`: some of several steps failed.
 * - `internal`: a defect of this program.
 */
export type ErrorCode =
  | "usage"
  | "config"
  | "reference"
  | "not_found"
  | "unauthorized"
  | "denied"
  | "rate_limited"
  | "unsupported"
  | "mismatch"
  | "invalid"
  | "limit"
  | "network"
  | "timeout"
  | "http"
  | "file"
  | "script"
  | "partial"
  | "internal";

/** An error with a code that programs can switch on. */
export class RegError extends Error {
  /** The name that stack traces print. */
  override readonly name: string = "RegError";
  /** What went wrong, for programs. */
  readonly code: ErrorCode;

  /**
   * Makes an error.
   *
   * @param code What went wrong, for programs.
   * @param message What went wrong, for people: the action first, the offending
   * value last, quoted; no period.
   * @param options The error that led to this one.
   */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Tells whether a value is a {@linkcode RegError}, of one of `codes` where given. */
export function isRegError(
  value: unknown,
  ...codes: ErrorCode[]
): value is RegError {
  return value instanceof RegError &&
    (codes.length === 0 || codes.includes(value.code));
}

/** Tells whether a value is what an aborted `AbortSignal` throws. */
export function isAbort(value: unknown): boolean {
  return value instanceof Error &&
    (value.name === "AbortError" || value.name === "TimeoutError");
}

/** What failed first, where cleaning up after it failed too. */
export function firstFailure(value: unknown): unknown {
  let first = value;
  while (first instanceof SuppressedError) first = first.suppressed;
  return first;
}

/** The text of anything that was thrown. */
export function messageOf(value: unknown): string {
  const first = firstFailure(value);
  if (!(first instanceof Error)) return String(first);
  // Its own advice is for those who make programs.
  return first.message.replace(
    /^Requires all access to (".+"), specify [^]*$/,
    "$1 is out of reach: Deno keeps programs from files below /dev, /proc and /sys",
  );
}

/** Anything that was thrown, as an error. */
export function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
