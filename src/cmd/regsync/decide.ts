/**
 * What is to be done about an image, from what both sides have: pure functions.
 *
 * @module
 */
import type { SyncStep } from "../../config/regsync_steps.ts";
import type { Descriptor } from "../../registry/core.ts";
import { isIndexType } from "../../registry/media_types.ts";

/** What a run is allowed to do: nothing, everything, or only to add. */
export type Action = "check" | "copy" | "missing";

/** What both sides have. */
export interface Observation {
  /** The source's manifest. */
  readonly source: Descriptor;
  /** The target's manifest, where there is one. */
  readonly target?: Descriptor | null | undefined;
}

/**
 * - `matches`: the target is up to date.
 * - `exists`: the target is there, which is enough for this run.
 * - `unsupported`: the step does not copy this media type.
 * - `platform`: an entry of the index has to be looked up first.
 * - `refresh`: the digests are equal, what belongs to the image has to be looked at.
 * - `copy`: the target is missing or differs.
 */
export type Decision =
  | "matches"
  | "exists"
  | "unsupported"
  | "platform"
  | "refresh"
  | "copy";

/** The settings of a step that count for a decision. */
export type DecisionSettings = Pick<
  SyncStep,
  | "digestTags"
  | "fastCheck"
  | "forceRecursive"
  | "mediaTypes"
  | "platform"
  | "referrers"
>;

/** Decides from the two manifests. */
export function decide(
  { source, target }: Observation,
  step: DecisionSettings,
  action: Action,
): Decision {
  const same = source.digest === target?.digest;
  const more = step.forceRecursive || step.referrers || step.digestTags;
  if (same && (step.fastCheck || !more)) return "matches";
  if (target && action === "missing") return "exists";
  if (!step.mediaTypes.includes(source.mediaType)) return "unsupported";
  if (step.platform !== "" && isIndexType(source.mediaType)) return "platform";
  return same ? "refresh" : "copy";
}

/**
 * Decides once the entry of the index is known: a target that holds it, or the
 * whole index, is up to date.
 */
export function decidePlatform(
  { source, target }: Observation,
  step: DecisionSettings,
  entry: string,
): Extract<Decision, "matches" | "refresh" | "copy"> {
  const same = target &&
    (target.digest === entry || target.digest === source.digest);
  if (!same) return "copy";
  return step.forceRecursive ? "refresh" : "matches";
}
