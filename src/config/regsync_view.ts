/**
 * A step of regsync as templates see it: `.Sync.Source`, `.Step.Interval`.
 *
 * @module
 */
import {
  BOOL,
  DURATION,
  type Field,
  INT,
  mapOf,
  pointerTo,
  sliceOf,
  STRING,
  structType,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import type { SyncStep } from "./regsync_steps.ts";

const TEXTS = sliceOf(STRING);
const FLAG = pointerTo(BOOL);

/** A field that reads a key of another name. */
function field(name: string, type: Type, key: string): Field {
  return { name, type, json: key, get: (host) => read(host, key) };
}

function read(host: unknown, key: string): unknown {
  return typeof host === "object" && host !== null
    ? Reflect.get(host, key)
    : undefined;
}

const ALLOW_DENY = [
  field("Allow", TEXTS, "allow"),
  field("Deny", TEXTS, "deny"),
];

const TAGS = structType("main.TagAllowDeny", {
  fields: () => [...ALLOW_DENY, field("SemverRange", TEXTS, "semverRange")],
});
const REPOS = structType("main.RepoAllowDeny", { fields: () => ALLOW_DENY });
const FILTER = structType("main.ConfigReferrerFilter", {
  fields: () => [
    field("ArtifactType", STRING, "artifactType"),
    field("Annotations", mapOf(STRING, STRING), "annotations"),
  ],
});
const RATE_LIMIT = structType("main.ConfigRateLimit", {
  fields: () => [field("Min", INT, "min"), field("Retry", DURATION, "retry")],
});
const HOOK = structType("main.ConfigHook", {
  fields: () => [
    field("Type", STRING, "type"),
    field("Params", TEXTS, "params"),
  ],
});
const HOOKS = structType("main.ConfigHooks", {
  fields: () => [
    field("Pre", pointerTo(HOOK), "pre"),
    field("Post", pointerTo(HOOK), "post"),
    field("Unchanged", pointerTo(HOOK), "unchanged"),
  ],
});

/** The type of a step, under upstream's name. */
export const STEP: Type = structType("main.ConfigSync", {
  fields: () => [
    field("Source", STRING, "source"),
    field("Target", STRING, "target"),
    field("Type", STRING, "type"),
    field("Tags", TAGS, "tags"),
    field("TagSets", sliceOf(TAGS), "tagSets"),
    field("Repos", REPOS, "repos"),
    field("DigestTags", FLAG, "digestTags"),
    field("Referrers", FLAG, "referrers"),
    field("ReferrerFilters", sliceOf(FILTER), "referrerFilters"),
    field("ReferrerSrc", STRING, "referrerSource"),
    field("ReferrerTgt", STRING, "referrerTarget"),
    field("ReferrerSlow", FLAG, "referrerSlow"),
    field("Platform", STRING, "platform"),
    field("Platforms", TEXTS, "platforms"),
    field("FastCheck", FLAG, "fastCheck"),
    field("ForceRecursive", FLAG, "forceRecursive"),
    field("IncludeExternal", FLAG, "includeExternal"),
    field("Backup", STRING, "backup"),
    field("Interval", DURATION, "interval"),
    field("Schedule", STRING, "schedule"),
    field("RateLimit", RATE_LIMIT, "rateLimit"),
    field("MediaTypes", TEXTS, "mediaTypes"),
    field("Hooks", HOOKS, "hooks"),
  ],
});

const SYNC_DATA = structType("struct { Sync main.ConfigSync }", {
  fields: () => [{ name: "Sync", type: STEP }],
});

/** What `source`, `target` and the referrers' templates are given. */
export function syncData(step: SyncStep): Value {
  return wrap(SYNC_DATA, { Sync: step });
}
