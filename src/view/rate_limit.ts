/**
 * Rate limits as templates see them.
 *
 * @module
 */
import {
  BOOL,
  type Field,
  INT,
  structType,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import { type RateLimit, rateLimitOf } from "../registry/rate_limit.ts";
import { readKey, TEXTS } from "./declare.ts";

/** `types.RateLimit`. */
export const RATE_LIMIT: Type = structType("types.RateLimit", {
  fields: () => [
    lower("Remain", INT),
    lower("Limit", INT),
    lower("Reset", INT),
    lower("Set", BOOL),
    {
      name: "Policies",
      type: TEXTS,
      get: (host) => {
        const policies = readKey(host, "policies");
        const isEmpty = Array.isArray(policies) && policies.length === 0;
        return isEmpty ? null : policies;
      },
    },
  ],
});

function lower(name: string, type: Type): Field {
  return { name, type, get: (host) => readKey(host, name.toLowerCase()) };
}

/** A rate limit as templates see it. */
export function rateLimitView(limit: RateLimit): Value {
  return wrap(RATE_LIMIT, limit);
}

/** The rate limit of an answer as templates see it. */
export function rateLimitViewOf(headers: Headers | undefined): Value {
  return rateLimitView(rateLimitOf(headers));
}
