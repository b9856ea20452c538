/**
 * Which tags and which repositories a step takes: regular expressions in Go's
 * syntax, bound at both ends as a whole, and version ranges.
 *
 * @module
 */
import { RE2JS } from "re2js";
import { messageOf, RegError } from "../base/errors.ts";
import { isTag } from "../registry/reference.ts";
import { parseSemverRange, type SemverRange } from "./semver_range.ts";

/** Lists of patterns; absent ones are empty. */
export interface AllowDeny {
  /** Where there are any, a name must match one of them. */
  readonly allow?: readonly string[];
  /** A name must match none of them. */
  readonly deny?: readonly string[];
}

/** A filter of tags. */
export interface TagSet extends AllowDeny {
  /** Where there are any, a tag must be a version in one of them. */
  readonly semverRange?: readonly string[];
}

/** Tells whether a name is taken. */
export type NameFilter = (name: string) => boolean;

/** Sets of filters, ready for use. */
export interface TagFilter {
  /** The tags that a set takes, set by set, each once. */
  select(tags: readonly string[]): string[];
  /**
   * The tags to ask for where all rules that allow are plain names: nothing has
   * to be listed then.
   */
  readonly names?: readonly string[];
}

/** Patterns longer than this are refused: matching takes time and memory by their length. */
const LONGEST_PATTERN = 4096;

/**
 * Compiles a pattern.
 *
 * @throws {RegError} `config`, `error parsing regexp: …`.
 */
export function compilePattern(pattern: string): NameFilter {
  if (pattern.length > LONGEST_PATTERN) {
    throw new RegError(
      "config",
      `error parsing regexp: expression is longer than ${LONGEST_PATTERN} characters`,
    );
  }
  try {
    // Upstream puts `^` before the pattern, so that a leading repetition repeats
    // that: `*` there matches everything, and files in use rely on it.
    const leading = /^[*+?]/.test(pattern);
    const compiled = RE2JS.compile(leading ? `^${pattern}$` : pattern);
    return leading
      ? (name) => compiled.matcher(name).find()
      : (name) => compiled.matches(name);
  } catch (cause) {
    throw new RegError("config", messageOf(cause), { cause });
  }
}

function compileAll(kind: "allow" | "deny", patterns: readonly string[]) {
  return patterns.map((pattern) => {
    try {
      return compilePattern(pattern);
    } catch (cause) {
      throw new RegError(
        "config",
        `invalid ${kind} pattern ${JSON.stringify(pattern)}: ${
          messageOf(cause)
        }`,
        { cause },
      );
    }
  });
}

/**
 * Compiles lists of patterns.
 *
 * @throws {RegError} `config` for the first one that is broken.
 */
export function compileNames(rules: AllowDeny): NameFilter {
  const allow = compileAll("allow", rules.allow ?? []);
  const deny = compileAll("deny", rules.deny ?? []);
  return (name) =>
    (allow.length === 0 || allow.some((test) => test(name))) &&
    !deny.some((test) => test(name));
}

/** Parses one range, as a rule of a filter. */
export function compileRange(range: string): SemverRange {
  try {
    return parseSemverRange(range);
  } catch (cause) {
    throw new RegError(
      "config",
      `invalid semver range ${JSON.stringify(range)}: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function compileSet(set: TagSet): NameFilter {
  // Empty entries count for nothing, unlike those of white space, which are broken.
  const ranges = (set.semverRange ?? []).filter((range) => range !== "")
    .map(compileRange);
  const names = compileNames(set);
  return (tag) =>
    (ranges.length === 0 || ranges.some((test) => test(tag))) && names(tag);
}

/** Tells whether a set restricts anything. */
export function isRestricting(set: TagSet): boolean {
  const { allow = [], deny = [], semverRange = [] } = set;
  return allow.length + deny.length + semverRange.length > 0;
}

/**
 * Compiles the sets of a step, united: no set takes every tag.
 *
 * @throws {RegError} `config` for the first rule that is broken.
 */
export function compileTagSets(sets: readonly TagSet[]): TagFilter {
  const filters = sets.map(compileSet);
  const names = namesOf(sets);
  return {
    select(tags) {
      if (filters.length === 0) return [...tags];
      return [...new Set(filters.flatMap((filter) => tags.filter(filter)))];
    },
    ...names && { names },
  };
}

/** The names that all rules spell out; none where one rule does not. */
function namesOf(sets: readonly TagSet[]): string[] | undefined {
  const names = new Set<string>();
  for (const { allow = [], semverRange = [] } of sets) {
    if (allow.length === 0 || semverRange.some((range) => range !== "")) {
      return undefined;
    }
    for (const pattern of allow) {
      const name = literal(pattern);
      if (name === undefined) return undefined;
      // What can be no tag is in no list either.
      if (isTag(name)) names.add(name);
    }
  }
  return sets.length === 0 ? undefined : [...names];
}

/** The one text that a pattern matches, where it has no metacharacter but escaped ones. */
export function literal(pattern: string): string | undefined {
  return /^([\w-]|\\[.\-+*?()[\]{}^$|\\])*$/.test(pattern)
    ? pattern.replace(/\\(.)/g, "$1")
    : undefined;
}
