/**
 * Scopes of bearer tokens: `repository:library/alpine:pull,push`.
 *
 * @module
 */

/** The actions that are merged; others are kept as they came. */
const ACTIONS = ["pull", "push", "delete"];

/**
 * Several scopes as few: those of the same resource with known actions become
 * one. Order is kept.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(
 *   mergeScopes(["repository:a:pull", "repository:a:pull,push"]),
 *   ["repository:a:pull,push"],
 * );
 * ```
 */
export function mergeScopes(scopes: readonly string[]): string[] {
  const merged = new Map<string, Set<string>>();
  for (const scope of scopes) {
    const { resource, actions } = split(scope);
    const known = merged.get(resource) ?? new Set();
    for (const action of actions) known.add(action);
    merged.set(resource, known);
  }
  return [...merged].map(([resource, actions]) =>
    actions.size === 0 ? resource : `${resource}:${[...actions].join(",")}`
  );
}

/** Tells whether a token for `held` may do all that `wanted` names. */
export function coversScopes(
  held: readonly string[],
  wanted: readonly string[],
): boolean {
  const together = new Map(
    held.map(split).map(({ resource, actions }) => [resource, actions]),
  );
  return wanted.map(split).every(({ resource, actions }) => {
    const allowed = together.get(resource);
    return allowed !== undefined &&
      actions.every((action) => allowed.includes(action));
  });
}

interface Scope {
  readonly resource: string;
  readonly actions: readonly string[];
}

function split(scope: string): Scope {
  const at = scope.lastIndexOf(":");
  const actions = scope.slice(at + 1).split(",");
  return at > 0 && actions.every((action) => ACTIONS.includes(action))
    ? { resource: scope.slice(0, at), actions }
    : { resource: scope, actions: [] };
}
