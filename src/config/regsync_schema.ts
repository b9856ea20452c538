/**
 * The keys of regsync's file: one definition for the types, the checks and the
 * JSON Schema.
 *
 * @module
 */
import { messageOf } from "../base/errors.ts";
import { parsePlatform } from "../registry/platform.ts";
import { parseSchedule } from "../schedule/cron.ts";
import { Template } from "../template/mod.ts";
import { credentials } from "./creds.ts";
import { type Check, type Decoded } from "./decode.ts";
import { list, record, table } from "./decode_parts.ts";
import { bool, duration, integer, text } from "./decode_scalar.ts";
import { compileNames, compileRange } from "./tag_filter.ts";

/** Turns a function that throws into a check; an empty text is "not set". */
function valid(
  parse: (text: string) => unknown,
  expected: string,
): Check<string> {
  return (text) => {
    if (text === "") return undefined;
    try {
      parse(text);
    } catch (error) {
      return `${messageOf(error)}; found ${
        JSON.stringify(text)
      }; expected ${expected}`;
    }
  };
}

const pattern = (kind: "allow" | "deny") =>
  text({
    check: valid(
      (pattern) => compileNames({ [kind]: [pattern] }),
      "a regular expression in RE2 syntax",
    ),
  });
const range = text({
  check: valid(
    compileRange,
    'comparators such as ">=1.2 <2", "^1.2", "~1.2"; no space after the sign',
  ),
});
const platformCheck = valid(
  parsePlatform,
  "os/architecture[/variant], such as linux/arm64",
);
const scheduleCheck = valid(
  parseSchedule,
  'a cron expression of 5 fields, "@daily" or the like, or "@every 90m"',
);
const template = (description: string) =>
  text({
    description,
    check: valid((text) => new Template(text), "a Go template"),
  });

const allowDeny = {
  allow: list(pattern("allow"), {
    description:
      "Regular expressions, bound at both ends, of which one must match.",
  }),
  deny: list(pattern("deny"), {
    description:
      "Regular expressions, bound at both ends, of which none may match.",
  }),
};

const tagSet = record({
  ...allowDeny,
  semverRange: list(range, {
    description: "Version ranges, of which a tag must be in one.",
  }),
}, { description: "Filter of tags." });

const hook = record({ type: text(), params: list(text()) });

const rateLimit = record({
  min: integer({
    description: "Pulls that must be left for a copy to start; 0 is off.",
  }),
  retry: duration({
    description: "Time between two looks at the limit; at least 5m.",
  }),
}, { description: "Waits for the rate limit of the source." });

/** What `defaults` and the entries of `sync` have in common. */
const common = {
  backup: template(
    "Template: tag or reference that keeps a target image about to be overwritten.",
  ),
  interval: duration({ description: "Time between two runs in server mode." }),
  schedule: text({
    check: scheduleCheck,
    description: "Cron expression for server mode, wins over interval.",
  }),
  jitter: duration({
    description: "Starts each run in server mode up to this much later.",
  }),
  ratelimit: rateLimit,
  digestTags: bool({ description: "Also copies tags of the form sha256-…" }),
  referrers: bool({ description: "Also copies referrers." }),
  referrerFilters: list(
    record({ artifactType: text(), annotations: table(text()) }),
    { description: "Which referrers are copied; all where left out." },
  ),
  referrerSource: template("Template: repository with the referrers."),
  referrerTarget: template("Template: repository for the referrers."),
  referrerSlow: bool({
    description: "Accepted for compatibility, without effect.",
  }),
  fastCheck: bool({ description: "Skips all checks where digests are equal." }),
  forceRecursive: bool({ description: "Copies all parts again." }),
  includeExternal: bool({ description: "Also copies external layers." }),
  mediaTypes: list(text(), { description: "Media types that are copied." }),
  hooks: record({ pre: hook, post: hook, unchanged: hook }, {
    description: "Read for compatibility, never run.",
    check: ({ pre, post, unchanged }) =>
      pre ?? post ?? unchanged ? "hooks are read but never run" : undefined,
  }),
};

const aliases = { fastCopy: "fastCheck" } as const;

/** Decodes `defaults`. */
export const defaults = record({
  ...common,
  parallel: integer({
    description:
      "Copies at a time; 0 or less: one, in the order of the file where that matters.",
  }),
  blobLimit: integer({
    description: "Largest chunk in bytes that a registry may demand.",
  }),
  cacheCount: integer({ description: "Manifests to keep in memory." }),
  cacheTime: duration({ description: "How long manifests are kept." }),
  skipDockerConfig: bool({ description: "Ignores Docker's credentials." }),
  userAgent: text({ description: "Replaces the User-Agent header." }),
}, { aliases, description: "Settings of all steps." });

const TYPES = ["registry", "repository", "image"];

/** Decodes an entry of `sync`. */
export const step = record({
  source: template("Template: what to copy."),
  target: template("Template: where to."),
  type: text({
    description: "registry, repository or image.",
    check: (type) =>
      TYPES.includes(type)
        ? undefined
        : `found ${JSON.stringify(type)}; expected one of ${TYPES.join(", ")}`,
  }),
  tags: tagSet,
  tagSets: list(tagSet, {
    description: "Filters of tags; what one of them takes is copied.",
  }),
  repos: record(allowDeny, {
    description: "Filter of repositories, for the type registry.",
  }),
  platform: text({
    check: platformCheck,
    description: "Copies the image for this platform alone.",
  }),
  platforms: list(text({ check: platformCheck }), {
    description: "Copies the index with these platforms alone.",
  }),
  ...common,
}, {
  aliases,
  description: "What to copy where.",
  check: (step) => {
    const missing = (["source", "target", "type"] as const)
      .filter((key) => (step[key] ?? "") === "");
    if (missing.length > 0) return `missing: ${missing.join(", ")}`;
    const filters = (["tags", "tagSets", "repos"] as const)
      .filter((key) => step[key] !== undefined);
    if (step.type === "image" && filters.length > 0) {
      return `the type image has no use for: ${filters.join(", ")}`;
    }
  },
});

/** Decodes the file. */
export const file = record({
  version: integer({ description: "1, or left out." }),
  creds: credentials,
  defaults,
  sync: list(step, { description: "The steps." }),
}, { description: "Configuration of regsync." });

/** `defaults` as it is written. */
export type RawDefaults = Decoded<typeof defaults>;
/** An entry of `sync` as it is written. */
export type RawStep = Decoded<typeof step>;
/** The file as it is written. */
export type RawFile = Decoded<typeof file>;
