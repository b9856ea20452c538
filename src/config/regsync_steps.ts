/**
 * The steps of regsync with what they inherit: a pure function.
 *
 * @module
 */
import { MINUTE } from "../base/duration.ts";
import { MEDIA_TYPES } from "../registry/media_types.ts";
import type { RawDefaults, RawStep } from "./regsync_schema.ts";
import type { AllowDeny, TagSet } from "./tag_filter.ts";

/** Which referrers are copied: the type and all annotations must fit. */
export interface ReferrerFilter {
  /** The artifact's type; any where empty. */
  readonly artifactType: string;
  /** Annotations; an empty value asks for the key alone. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A program to run: read for compatibility, never run. */
export interface Hook {
  /** What kind it is. */
  readonly type: string;
  /** Its arguments. */
  readonly params: readonly string[];
}

/** Hooks by when they would run. */
export interface Hooks {
  /** Before a copy. */
  readonly pre?: Hook;
  /** After a copy. */
  readonly post?: Hook;
  /** Where nothing was copied. */
  readonly unchanged?: Hook;
}

/** A limit that a step waits for. */
export interface RateLimitSetting {
  /** Pulls that must be left; 0 or less is off. */
  readonly min: number;
  /** Nanoseconds between two looks. */
  readonly retry: bigint;
}

/** One step, with all that it inherits. Durations are in nanoseconds. */
export interface SyncStep {
  /** What to copy. */
  readonly source: string;
  /** Where to. */
  readonly target: string;
  /** `registry`, `repository`, `image`, or what is wrong. */
  readonly type: string;
  /** The one filter of tags. */
  readonly tags: TagSet;
  /** More filters of tags. */
  readonly tagSets: readonly TagSet[];
  /** The filter of repositories. */
  readonly repos: AllowDeny;
  /** Also copies digest tags. */
  readonly digestTags: boolean;
  /** Also copies referrers. */
  readonly referrers: boolean;
  /** Which ones; none of these takes all. */
  readonly referrerFilters: readonly ReferrerFilter[];
  /** Where the referrers are. */
  readonly referrerSource: string;
  /** Where the referrers go. */
  readonly referrerTarget: string;
  /** Without effect. */
  readonly referrerSlow: boolean;
  /** The one platform. */
  readonly platform: string;
  /** The platforms of the index that are kept. */
  readonly platforms: readonly string[];
  /** Trusts equal digests. */
  readonly fastCheck: boolean;
  /** Copies all parts again. */
  readonly forceRecursive: boolean;
  /** Also copies external layers. */
  readonly includeExternal: boolean;
  /** Template of the backup. */
  readonly backup: string;
  /** Time between two runs. */
  readonly interval: bigint;
  /** Cron expression. */
  readonly schedule: string;
  /** The most that a run starts later. */
  readonly jitter: bigint;
  /** Waits for the rate limit of the source. */
  readonly rateLimit: RateLimitSetting;
  /** Media types that are copied. */
  readonly mediaTypes: readonly string[];
  /** Never run. */
  readonly hooks: Hooks;
}

/** Media types that are copied where none are given. */
export const COPIED_TYPES: readonly string[] = [
  MEDIA_TYPES.dockerManifest,
  MEDIA_TYPES.dockerList,
  MEDIA_TYPES.ociManifest,
  MEDIA_TYPES.ociIndex,
];

const LEAST_RETRY = 5n * MINUTE;

/** The time between two looks at a rate limit: at least five minutes. */
export function retryOf(retry: bigint | undefined): bigint {
  return retry === undefined || retry < LEAST_RETRY ? LEAST_RETRY : retry;
}

const FLAGS = [
  "digestTags",
  "referrers",
  "referrerSlow",
  "fastCheck",
  "forceRecursive",
  "includeExternal",
] as const;
const TEXTS = ["backup", "referrerSource", "referrerTarget"] as const;
const HOOKS = ["pre", "post", "unchanged"] as const;

/** A step with what it inherits from the defaults. */
export function inherit(step: RawStep, defaults: RawDefaults): SyncStep {
  return {
    source: step.source ?? "",
    target: step.target ?? "",
    type: step.type ?? "",
    tags: step.tags ?? {},
    tagSets: step.tagSets ?? [],
    repos: step.repos ?? {},
    platform: step.platform ?? "",
    platforms: step.platforms ?? [],
    ...flags(step, defaults),
    ...texts(step, defaults),
    ...timing(step, defaults),
    rateLimit: rateLimit(step, defaults),
    referrerFilters: filters(step, defaults),
    mediaTypes: [step.mediaTypes, defaults.mediaTypes]
      .find((types) => types && types.length > 0) ?? COPIED_TYPES,
    hooks: hooks(step, defaults),
  };
}

/** An explicit `false` beats a default `true`. */
function flags(
  step: RawStep,
  defaults: RawDefaults,
): Pick<SyncStep, typeof FLAGS[number]> {
  const of = (key: typeof FLAGS[number]) => step[key] ?? defaults[key] ?? false;
  return {
    digestTags: of("digestTags"),
    referrers: of("referrers"),
    referrerSlow: of("referrerSlow"),
    fastCheck: of("fastCheck"),
    forceRecursive: of("forceRecursive"),
    includeExternal: of("includeExternal"),
  };
}

/** An empty text cannot cancel a default. */
function texts(
  step: RawStep,
  defaults: RawDefaults,
): Pick<SyncStep, typeof TEXTS[number]> {
  const of = (key: typeof TEXTS[number]) => step[key] || defaults[key] || "";
  return {
    backup: of("backup"),
    referrerSource: of("referrerSource"),
    referrerTarget: of("referrerTarget"),
  };
}

/** A step that has either of schedule and interval inherits neither. */
function timing(
  step: RawStep,
  defaults: RawDefaults,
): Pick<SyncStep, "interval" | "schedule" | "jitter"> {
  const jitter = step.jitter ?? defaults.jitter ?? 0n;
  const { interval = 0n, schedule = "" } = step;
  if (interval !== 0n || schedule !== "") return { interval, schedule, jitter };
  return defaults.schedule
    ? { interval: 0n, schedule: defaults.schedule, jitter }
    : { interval: defaults.interval ?? 0n, schedule: "", jitter };
}

function rateLimit(step: RawStep, defaults: RawDefaults): RateLimitSetting {
  const { min = 0, retry = 0n } = step.ratelimit ?? {};
  return {
    min: min || (defaults.ratelimit?.min ?? 0),
    retry: retryOf(retry === 0n ? defaults.ratelimit?.retry : retry),
  };
}

/** An explicit empty list means "no filter"; a list left out is inherited. */
function filters(step: RawStep, defaults: RawDefaults): ReferrerFilter[] {
  return (step.referrerFilters ?? defaults.referrerFilters ?? []).map((
    { artifactType = "", annotations = {} },
  ) => ({ artifactType, annotations }));
}

function hooks(step: RawStep, defaults: RawDefaults): Hooks {
  return Object.fromEntries(HOOKS.flatMap((key) => {
    const hook = step.hooks?.[key] ?? defaults.hooks?.[key];
    const { type = "", params = [] } = hook ?? {};
    return hook ? [[key, { type, params }]] : [];
  }));
}
