/**
 * How long to wait before the next attempt: a pure function.
 *
 * @module
 */

/** Options for {@linkcode backoff}. */
export interface BackoffOptions {
  /** The wait before the second attempt, in milliseconds. @default {200} */
  readonly first?: number;
  /** The longest wait, in milliseconds. @default {30_000} */
  readonly longest?: number;
  /** Spreads waits: 0.1 takes off up to a tenth, by `random`. @default {0} */
  readonly jitter?: number;
  /** A number in [0, 1). @default {Math.random} */
  readonly random?: () => number;
}

/**
 * The wait in milliseconds after attempt number `attempt` (1 is the first),
 * doubling each time. What a server asked for in `Retry-After` replaces it.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([1, 2, 3].map((n) => backoff(n)), [200, 400, 800]);
 * ```
 */
export function backoff(attempt: number, options: BackoffOptions = {}): number {
  const { first = 200, longest = 30_000, jitter = 0, random = Math.random } =
    options;
  const wait = Math.min(first * 2 ** (attempt - 1), longest);
  return Math.round(wait * (1 - jitter * random()));
}

/**
 * Reads a `Retry-After` header: seconds, decimals allowed, or an HTTP date.
 * Returns milliseconds from `now`, never negative; `undefined` where the text
 * is neither.
 *
 * See {@link https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3}.
 */
export function retryAfter(
  text: string | null,
  now: number = Date.now(),
): number | undefined {
  if (text === null) return undefined;
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  // A date starts with a weekday; `Date.parse` alone would accept "-5" as a year.
  const date = /^[A-Z][a-z]{2}/.test(trimmed) ? Date.parse(trimmed) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
