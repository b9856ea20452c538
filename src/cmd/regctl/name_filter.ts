/**
 * `--include` and `--exclude`: expressions for whole names.
 *
 * @module
 */
import { isRegError } from "../../base/errors.ts";
import { UsageError } from "../../cli/usage_error.ts";

/** The two flags. */
export const NAME_FILTERS = {
  include: {
    kind: "list",
    value: "REGEXP",
    summary: "Keep names that match, as a whole, one of these expressions",
  },
  exclude: {
    kind: "list",
    value: "REGEXP",
    summary: "Leave out names that match, as a whole, one of these expressions",
  },
} as const;

/**
 * Makes a filter of the two flags.
 *
 * @throws {UsageError} For an expression that Go would not take.
 */
export async function compileAnchored(
  flags: {
    readonly include: readonly string[];
    readonly exclude: readonly string[];
  },
): Promise<(name: string) => boolean> {
  const { include, exclude } = flags;
  if (include.length + exclude.length === 0) return () => true;
  // The expressions of Go are a library: loaded only where they are asked for.
  const { compileNames } = await import("../../config/tag_filter.ts");
  try {
    return compileNames({ allow: include, deny: exclude });
  } catch (error) {
    throw isRegError(error, "config") ? new UsageError(error.message) : error;
  }
}
