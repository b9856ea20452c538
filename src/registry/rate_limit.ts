/**
 * How many pulls an account has left, as Docker Hub tells it.
 *
 * See {@link https://docs.docker.com/docker-hub/usage/pulls/} and
 * {@link https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/}.
 *
 * @module
 */

/** What the headers of an answer say. */
export interface RateLimit {
  /** Requests left. */
  readonly remain: number;
  /** Requests allowed in a window. */
  readonly limit: number;
  /** Seconds until the window ends; 0 where it is not said. */
  readonly reset: number;
  /** Whether the answer had a limit at all. */
  readonly set: boolean;
  /** The windows, as they were written, such as `100;w=21600`. */
  readonly policies: readonly string[];
}

/** Reads `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`. */
export function rateLimitOf(headers: Headers | undefined): RateLimit {
  const [first = "", ...rest] = (headers?.get("RateLimit-Limit") ?? "")
    .split(",");
  const remain = leading(headers?.get("RateLimit-Remaining") ?? "");
  const reset = headers?.get("RateLimit-Reset") ?? "";
  return {
    remain: remain ?? 0,
    limit: leading(first) ?? 0,
    reset: /^\d+$/.test(reset) ? Number(reset) : 0,
    set: remain !== undefined,
    policies: first.includes(";") ? [first, ...rest] : rest,
  };
}

/** The number before the first semicolon. */
function leading(text: string): number | undefined {
  const [number = ""] = text.split(";");
  return /^\d+$/.test(number.trim()) ? Number(number) : undefined;
}
