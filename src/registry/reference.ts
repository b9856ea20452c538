/**
 * References: where an image, an artifact or a repository is.
 *
 * The grammar is upstream's (regclient `types/ref`): `[REGISTRY/]REPO[:TAG][@DIGEST]`,
 * or `ocidir://PATH[:TAG][@DIGEST]`.
 *
 * @module
 */
import process from "node:process";
import { RegError } from "../base/errors.ts";

/** Where an image is. Parts that are not given are empty. */
export interface Reference {
  /** A registry, an OCI layout directory, or (parsed only) an OCI layout archive. */
  readonly scheme: "reg" | "ocidir" | "ocifile";
  /** The text as it was given; canonical after a change. */
  readonly reference: string;
  /** The registry's name, such as `docker.io` or `localhost:5000`. */
  readonly registry: string;
  /** The repository's name within the registry. */
  readonly repository: string;
  /** The tag. */
  readonly tag: string;
  /** The digest; its algorithm and length are checked where it is used. */
  readonly digest: string;
  /** The path of a layout. */
  readonly path: string;
}

/** Options for {@linkcode parseReference}. */
export interface ParseReferenceOptions {
  /** Takes paths with a drive letter and back slashes. @default {true on Windows} */
  readonly windows?: boolean;
}

const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const DOTTED = `${LABEL}(?:(?:\\.${LABEL})+\\.?|\\.)`;
// An upper-case letter cannot be in a repository, so it marks a registry.
const UPPER = `(?=[a-z0-9-]*[A-Z])(?=[a-zA-Z0-9-]{2})${LABEL}`;
const HEX = "[0-9a-fA-F]{1,4}";
const IPV6 =
  `\\[(?:(?:${HEX}:){7}${HEX}|(?:${HEX}(?::${HEX}){0,6})?::(?:${HEX}(?::${HEX}){0,6})?)\\]`;
const REGISTRY =
  `(?:${IPV6}|${DOTTED}|${UPPER}|localhost)(?::[0-9]+)?|${LABEL}:[0-9]+`;
const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const TAG = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";
const DIGEST =
  "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const SUFFIX = `(?::(${TAG}))?(?:@(${DIGEST}))?`;

const REFERENCE = new RegExp(
  `^(?:(${REGISTRY})/)?(${PART}(?:/${PART})*)${SUFFIX}$`,
);
const HOST = new RegExp(`^(?:${REGISTRY})$`);
const LAYOUT = new RegExp(`^([/a-zA-Z0-9_\\-. ~+]+)${SUFFIX}$`);
const WINDOWS_LAYOUT = new RegExp(
  `^((?:[A-Za-z]:)?[\\\\/a-zA-Z0-9_\\-. ~+]+)${SUFFIX}$`,
);
const TAG_ALONE = new RegExp(`^${TAG}$`);
const REPOSITORY_ALONE = new RegExp(`^${PART}(?:/${PART})*$`);

/** Tells whether a text is a tag. */
export function isTag(text: string): boolean {
  return TAG_ALONE.test(text);
}

/** Tells whether a text is the name of a repository, without a registry. */
export function isRepository(text: string): boolean {
  return REPOSITORY_ALONE.test(text);
}

/**
 * Parses a reference. A registry's reference without tag and digest gets the
 * tag `latest`; Docker Hub's short names are completed.
 *
 * @throws {RegError} `reference`
 *
 * @example A short name
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * const ref = parseReference("alpine");
 * strictEqual(commonName(ref), "docker.io/library/alpine:latest");
 * ```
 */
export function parseReference(
  text: string,
  options: ParseReferenceOptions = {},
): Reference {
  const [, scheme, rest = ""] = /^([a-z]+):\/\/(.+)$/s.exec(text) ?? [];
  if (scheme === undefined) return parseRegistryReference(text);
  if (scheme !== "ocidir" && scheme !== "ocifile") {
    throw new RegError(
      "reference",
      `invalid reference, unknown scheme ${quote(scheme)} in ${quote(text)}`,
    );
  }
  const { windows = process.platform === "win32" } = options;
  const match = (windows ? WINDOWS_LAYOUT : LAYOUT).exec(rest);
  if (!match) {
    throw new RegError(
      "reference",
      `invalid reference, invalid path for scheme ${quote(scheme)}: ${rest}`,
    );
  }
  const [, path = "", tag = "", digest = ""] = match;
  return {
    scheme,
    reference: text,
    registry: "",
    repository: "",
    tag,
    digest,
    path,
  };
}

function parseRegistryReference(text: string): Reference {
  const match = REFERENCE.exec(text);
  if (!match) {
    const lower = text.toLowerCase();
    const hint = lower !== text && REFERENCE.test(lower)
      ? ", repo must be lowercase"
      : "";
    throw new RegError("reference", `invalid reference ${quote(text)}${hint}`);
  }
  const [, given = "", name = "", tag = "", digest = ""] = match;
  if (given === "" && name === "localhost") {
    throw new RegError("reference", `invalid reference ${quote(text)}`);
  }
  const registry = HUB_NAMES.has(given) ? "docker.io" : given;
  return {
    scheme: "reg",
    reference: text,
    registry,
    repository: registry === "docker.io" && !name.includes("/")
      ? `library/${name}`
      : name,
    tag: tag === "" && digest === "" ? "latest" : tag,
    digest,
    path: "",
  };
}

const HUB_NAMES = new Set([
  "",
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
]);

/**
 * Parses the name of a registry alone, or `ocidir://PATH`. What is not the
 * host's stays empty.
 *
 * @throws {RegError} `reference`
 */
export function parseHost(text: string): Reference {
  if (text.startsWith("ocidir://")) return parseReference(text);
  if (!HOST.test(text)) {
    throw new RegError("reference", `parsing failed ${quote(text)}`);
  }
  return {
    scheme: "reg",
    reference: text,
    registry: HUB_NAMES.has(text) ? "docker.io" : text,
    repository: "",
    tag: "",
    digest: "",
    path: "",
  };
}

/** The canonical text: `REGISTRY/REPO[:TAG][@DIGEST]` or `ocidir://PATH…`. */
export function commonName(ref: Reference): string {
  if (ref.scheme === "ocifile") return "";
  const base = repositoryName(ref);
  if (base === "") return "";
  return base + (ref.tag && `:${ref.tag}`) + (ref.digest && `@${ref.digest}`);
}

/** The canonical text without tag and digest; empty where no repository is known. */
export function repositoryName(ref: Reference): string {
  if (ref.scheme !== "reg") {
    return ref.path === "" ? "" : `${ref.scheme}://${ref.path}`;
  }
  if (ref.registry === "" || ref.repository === "") return "";
  return `${ref.registry}/${ref.repository}`;
}

/** What to ask a store for: the digest, else the tag, else `latest`. */
export function tagOrDigest(ref: Reference): string {
  return ref.digest || ref.tag || "latest";
}

/** The reference with another tag, and without a digest. */
export function withTag(ref: Reference, tag: string): Reference {
  return canonical({ ...ref, tag, digest: "" });
}

/** The reference with another digest, and without a tag. */
export function withDigest(ref: Reference, digest: string): Reference {
  return canonical({ ...ref, tag: "", digest });
}

/** The reference with a digest beside its tag. */
export function addDigest(ref: Reference, digest: string): Reference {
  return canonical({ ...ref, digest });
}

function canonical(ref: Reference): Reference {
  return { ...ref, reference: commonName(ref) };
}

/** Tells whether it names something to ask for: upstream's `IsSet`. */
export function isComplete(ref: Reference): boolean {
  return isRepositorySet(ref) &&
    (ref.scheme !== "reg" || ref.tag !== "" || ref.digest !== "");
}

/** Tells whether it names a repository or a layout: upstream's `IsSetRepo`. */
export function isRepositorySet(ref: Reference): boolean {
  return ref.scheme === "reg"
    ? ref.registry !== "" && ref.repository !== ""
    : ref.scheme === "ocidir" && ref.path !== "";
}

/** Tells whether two references are in the same registry or layout. */
export function isSameHost(a: Reference, b: Reference): boolean {
  return a.scheme === b.scheme && a.registry === b.registry &&
    a.path === b.path;
}

/** Tells whether two references are in the same repository or layout. */
export function isSameRepository(a: Reference, b: Reference): boolean {
  return isSameHost(a, b) && a.repository === b.repository;
}

/**
 * A layout's reference as one of the registry `localhost`, in the form that
 * Docker takes; a registry's reference as it is.
 */
export function toRegistryReference(ref: Reference): Reference {
  if (ref.scheme === "reg") return ref;
  const parts: string[] = [];
  for (const part of ref.path.split(/[/\\]/)) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const repository = parts.join("/").toLowerCase()
    .replace(/[^/a-z0-9]+/g, "-")
    .replace(/(^|\/)-|-(?=\/|$)/g, "$1");
  return canonical({
    ...ref,
    scheme: "reg",
    registry: "localhost",
    repository,
    path: "",
  });
}

function quote(text: string): string {
  return `"${text}"`;
}
