/**
 * Prints regsync's configuration as it was understood.
 *
 * @module
 */
import { Document, isScalar, Scalar, visit } from "yaml";
import { formatDuration } from "../base/duration.ts";
import { type Credential, masked } from "./creds.ts";
import type { RegsyncConfig } from "./regsync.ts";
import type { RawDefaults } from "./regsync_schema.ts";
import type { Hooks, ReferrerFilter, SyncStep } from "./regsync_steps.ts";
import type { AllowDeny, TagSet } from "./tag_filter.ts";

/** Options for {@linkcode printRegsync}. */
export interface PrintOptions {
  /** Prints passwords, tokens and keys instead of `***`. @default {false} */
  readonly showSecrets?: boolean;
}

/**
 * The configuration as YAML, every key spelt out in the order of the
 * documentation; with its secrets it can be read again.
 */
export function printRegsync(
  config: RegsyncConfig,
  options: PrintOptions = {},
): string {
  const { showSecrets = false } = options;
  const values = {
    version: config.version,
    creds: config.creds.map((entry) =>
      credential(showSecrets ? entry : masked(entry))
    ),
    defaults: defaults(config.defaults),
    sync: config.sync.map(step),
  };
  const document = new Document(values, { aliasDuplicateObjects: false });
  visit(document, { Scalar: (_, node) => quote(node) });
  return document.toString({ indentSeq: false, lineWidth: 0 });
}

/** Texts that no reader of YAML, of whatever version, takes for something else. */
const SAFE = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z/][\w./@+-]*$/i;
const DURATION = /^(\d+(\.\d+)?(h|m|s|ms|µs|ns))+$/;

function quote(node: Scalar): void {
  if (!isScalar(node) || typeof node.value !== "string") return;
  const plain = SAFE.test(node.value) || DURATION.test(node.value);
  if (!plain && !node.value.includes("\n")) {
    node.type = Scalar.QUOTE_DOUBLE;
  }
}

function credential(entry: Credential) {
  const { credExpire = 0n } = entry;
  return {
    registry: entry.registry ?? "",
    tls: entry.tls ?? "",
    regcert: entry.regcert ?? "",
    clientCert: entry.clientCert ?? "",
    clientKey: entry.clientKey ?? "",
    hostname: entry.hostname ?? "",
    user: entry.user ?? "",
    pass: entry.pass ?? "",
    token: entry.token ?? "",
    credHelper: entry.credHelper ?? "",
    credExpire: Number(credExpire),
    credHost: entry.credHost ?? "",
    pathPrefix: entry.pathPrefix ?? "",
    mirrors: entry.mirrors ?? [],
    priority: entry.priority ?? 0,
    repoAuth: entry.repoAuth ?? false,
    api: entry.api ?? "",
    apiOpts: sorted(entry.apiOpts ?? {}),
    blobChunk: entry.blobChunk ?? 0,
    blobMax: entry.blobMax ?? 0,
    reqPerSec: entry.reqPerSec ?? 0,
    reqConcurrent: entry.reqConcurrent ?? 0,
    scheme: entry.scheme ?? "",
  };
}

function defaults(defaults: RawDefaults) {
  const { min = 0, retry = 0n } = defaults.ratelimit ?? {};
  return {
    backup: defaults.backup ?? "",
    interval: formatDuration(defaults.interval ?? 0n),
    schedule: defaults.schedule ?? "",
    ...jitter(defaults.jitter),
    ratelimit: { min, retry: formatDuration(retry) },
    parallel: defaults.parallel ?? 0,
    digestTags: defaults.digestTags ?? null,
    referrers: defaults.referrers ?? null,
    referrerFilters: (defaults.referrerFilters ?? []).map(filter),
    referrerSource: defaults.referrerSource ?? "",
    referrerTarget: defaults.referrerTarget ?? "",
    referrerSlow: defaults.referrerSlow ?? null,
    fastCheck: defaults.fastCheck ?? null,
    forceRecursive: defaults.forceRecursive ?? null,
    includeExternal: defaults.includeExternal ?? null,
    mediaTypes: defaults.mediaTypes ?? [],
    hooks: hooks(defaults.hooks),
    blobLimit: defaults.blobLimit ?? 0,
    cacheCount: defaults.cacheCount ?? 0,
    cacheTime: formatDuration(defaults.cacheTime ?? 0n),
    skipDockerConfig: defaults.skipDockerConfig ?? false,
    userAgent: defaults.userAgent ?? "",
  };
}

/** Ours alone: left out where it is not used, so that the rest is upstream's. */
function jitter(jitter = 0n) {
  return jitter === 0n ? {} : { jitter: formatDuration(jitter) };
}

function filter(filter: Partial<ReferrerFilter>) {
  const { artifactType = "", annotations = {} } = filter;
  return { artifactType, annotations: sorted(annotations) };
}

function sorted(table: Readonly<Record<string, string>>) {
  const keys = Object.keys(table).sort();
  return Object.fromEntries(keys.map((key) => [key, table[key]]));
}

function allowDeny({ allow = [], deny = [] }: AllowDeny) {
  return { allow, deny };
}

function tagSet(set: TagSet) {
  const { semverRange = [] } = set;
  return { ...allowDeny(set), ...semverRange.length > 0 && { semverRange } };
}

function hooks(hooks: RawDefaults["hooks"] | Hooks = {}) {
  const { pre = null, post = null, unchanged = null } = hooks;
  return { pre, post, unchanged };
}

function step(step: SyncStep) {
  return {
    source: step.source,
    target: step.target,
    type: step.type,
    tags: tagSet(step.tags),
    tagSets: step.tagSets.map(tagSet),
    repos: allowDeny(step.repos),
    digestTags: step.digestTags,
    referrers: step.referrers,
    referrerFilters: step.referrerFilters.map(filter),
    referrerSource: step.referrerSource,
    referrerTarget: step.referrerTarget,
    referrerSlow: step.referrerSlow,
    platform: step.platform,
    platforms: step.platforms,
    fastCheck: step.fastCheck,
    forceRecursive: step.forceRecursive,
    includeExternal: step.includeExternal,
    backup: step.backup,
    interval: formatDuration(step.interval),
    schedule: step.schedule,
    ...jitter(step.jitter),
    ratelimit: {
      min: step.rateLimit.min,
      retry: formatDuration(step.rateLimit.retry),
    },
    mediaTypes: step.mediaTypes,
    hooks: hooks(step.hooks),
  };
}
