/**
 * The next step for the mistakes that people make with registries: one line,
 * with a command that helps where there is one.
 *
 * @module
 */
import { retryAfter } from "../../base/backoff.ts";
import { isRegError, type RegError } from "../../base/errors.ts";
import type { AnyCall } from "../../cli/command.ts";
import { CopyError } from "../../registry/copy.ts";
import { isDockerHub } from "../../registry/http/hosts.ts";
import { NetworkError } from "../../registry/http/network_error.ts";
import { HttpError } from "../../registry/http/response_error.ts";
import { rateLimitOf } from "../../registry/rate_limit.ts";
import {
  commonName,
  parseHost,
  parseReference,
  type Reference,
  repositoryName,
  withTag,
} from "../../registry/reference.ts";

/** What is known about a failure. */
interface Facts {
  readonly error: RegError;
  /** The registry's answer, where there was one. */
  readonly http: HttpError | undefined;
  readonly network: NetworkError | undefined;
  /** What the command was given, as far as it can be read. */
  readonly ref: Reference | undefined;
  /** The name of the registry. */
  readonly registry: string;
  /** The words of the command, such as `tag ls`. */
  readonly command: string;
  /** The flags that the command line holds. */
  readonly given: ReadonlySet<string>;
}

type Rule = (facts: Facts) => string | undefined;

/** The first rule that knows something answers. */
const RULES: readonly Rule[] = [
  forCatalog,
  forReference,
  forSettings,
  forNetwork,
  forWrongProtocol,
  forRateLimit,
  forMissingProject,
  forSparse,
  forLogin,
  forDenied,
  forDeletes,
  forPlatform,
  forMissingPart,
  forMissing,
];

/**
 * What to do about an error.
 *
 * @param error What was thrown.
 * @param call The command line, where it could be read.
 */
export function advise(
  error: unknown,
  call: AnyCall | undefined,
): Promise<string | undefined> {
  if (!isRegError(error)) return Promise.resolve(undefined);
  const ref = mentioned(error) ?? referenceOf(error, call);
  const facts: Facts = {
    error,
    http: within(error, HttpError),
    network: within(error, NetworkError),
    ref,
    registry: ref?.registry ?? "",
    command: call?.path.slice(1).join(" ") ?? "",
    given: call?.given ?? new Set(),
  };
  for (const rule of RULES) {
    const advice = rule(facts);
    if (advice !== undefined) return Promise.resolve(advice);
  }
  return Promise.resolve(undefined);
}

/** The error of a class among an error and what led to it. */
function within<E extends Error>(
  error: unknown,
  kind: abstract new (...args: never[]) => E,
): E | undefined {
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    if (at instanceof kind) return at;
    seen.add(at);
  }
  return undefined;
}

/** How much of a message is looked at: one may quote a whole template. */
const LOOKED_AT = 4096;

/** The first reference that the message names in full. */
function mentioned(error: RegError): Reference | undefined {
  const words = error.message.slice(0, LOOKED_AT)
    .match(/ocidir:\/\/[^\s"]+|[^\s"]+\/[^\s"]+/g) ?? [];
  for (const word of words) {
    const name = word.replace(/:$/, "");
    const ref = read(name);
    const isWhole = ref && ref.repository + ref.path !== "" &&
      commonName(ref).startsWith(name);
    if (isWhole) return ref;
  }
  return undefined;
}

/** Which of the references on the command line the error is about. */
function referenceOf(
  error: RegError,
  call: AnyCall | undefined,
): Reference | undefined {
  const words = (call?.args ?? []).flat()
    .filter((word) => typeof word === "string");
  const side = within(error, CopyError)?.side;
  const at = side === "target" ? 1 : 0;
  return read(words[at]) ?? read(words[0]) ??
    (call?.path[1] === "registry" ? read("docker.io") : undefined);
}

function read(word: string | undefined): Reference | undefined {
  if (word === undefined) return undefined;
  for (const parse of [parseHost, parseReference]) {
    try {
      return parse(word);
    } catch {
      // the next one may take it
    }
  }
  return undefined;
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

function forReference({ error }: Facts): string | undefined {
  if (error.code !== "reference") return undefined;
  const [, text = ""] = /^invalid reference "([^"]*)"/.exec(error.message) ??
    [];
  const [, scheme = ""] = /unknown scheme "([a-z]+)"/.exec(error.message) ?? [];
  if (scheme !== "") {
    return scheme === "oci"
      ? "a layout on disk is named ocidir://PATH:TAG"
      : `name it without "${scheme}://"; whether TLS is used is a setting: \`regctl registry set --help\``;
  }
  if (error.message.endsWith("repo must be lowercase")) {
    return `repositories are in lower case: ${quoted(text.toLowerCase())}`;
  }
  if (/digest/.test(error.message)) {
    return "a digest is sha256: and 64 hexadecimal digits; `regctl image digest REF` prints it";
  }
  return "a reference is [REGISTRY/]REPOSITORY[:TAG][@DIGEST], such as registry.example.org/team/app:v1, or ocidir://PATH[:TAG]";
}

function forSettings({ error, command, ref }: Facts): string | undefined {
  if (error.message.startsWith("invalid registry name provided") && ref) {
    return `name the registry alone: ${quoted(ref.registry)}`;
  }
  const [, helper] = /(?:helper|get a login from|the login (?:in|from)) "(.*?)"/
    .exec(error.message) ?? [];
  if (helper !== undefined) {
    const name = quoted(ref?.registry ?? "docker.io");
    return `see what \`${
      quoted(helper)
    } list\` says; without it: \`regctl registry set --skip-check --cred-helper "" ${name}\`, or \`regctl config set --docker-cred=false\` where Docker's configuration names it`;
  }
  return error.code === "config" && command !== "serve"
    ? "mend the file, or name another one by the variable REGCTL_CONFIG"
    : undefined;
}

function forCatalog(facts: Facts): string | undefined {
  const { command, registry, error, ref } = facts;
  if (command !== "repo ls") return undefined;
  if (ref?.scheme === "ocidir") {
    return `list its tags: \`regctl tag ls ${quoted(commonName(ref))}\``;
  }
  if (isDockerHub(registry)) {
    return "Docker Hub does not list repositories over this interface; `regctl tag ls docker.io/library/alpine` lists the tags of one";
  }
  return isRegError(error, "not_found", "denied", "unsupported")
    ? "many registries do not list repositories, or only to administrators; `regctl tag ls` lists the tags of one"
    : undefined;
}

function forNetwork({ network, registry }: Facts): string | undefined {
  if (!network || registry === "") return undefined;
  const name = quoted(registry);
  switch (network.reason) {
    case "plain":
      return `it speaks plain HTTP: run \`regctl registry set --tls disabled ${name}\``;
    case "certificate":
      return `trust its authority: run \`regctl registry set --cacert "$(cat ca.pem)" ${name}\`; or, without any check: \`regctl registry set --tls insecure ${name}\``;
    case "name":
      return `check the name; a registry that is reached by another one: \`regctl registry set --hostname HOST[:PORT] ${name}\``;
    case "proxy":
      return `the proxy does not lead there: check HTTPS_PROXY and its login, or go around it: NO_PROXY=${name}`;
    case "refused":
      return `check that it runs, and its port: \`regctl registry ping ${name}\``;
    default:
      return undefined;
  }
}

function forWrongProtocol({ http, registry }: Facts): string | undefined {
  const isTls = http?.status === 400 && /HTTPS/i.test(http.fields.text);
  return isTls
    ? `it speaks HTTPS: run \`regctl registry set --tls enabled ${
      quoted(registry)
    }\``
    : undefined;
}

function forRateLimit({ error, http, ref, registry }: Facts) {
  if (error.code !== "rate_limited") return undefined;
  const { set, remain, limit } = rateLimitOf(http?.headers);
  const left = set ? `${remain} of ${limit} requests are left; ` : "";
  const waitMs = retryAfter(http?.headers.get("retry-after") ?? null);
  const later = waitMs
    ? `try again in ${Math.ceil(waitMs / 1000)} seconds; `
    : "";
  const image = ref && ref.repository !== ""
    ? ` \`regctl image ratelimit ${quoted(commonName(ref))}\` shows it;`
    : "";
  return `${later}${left}the account's limit is used up:${image} a login may have more: \`regctl registry login ${
    quoted(registry)
  }\``;
}

/** Registries where a repository, or its project, has to be made first. */
const MAKERS: readonly (readonly [RegExp, (repository: string) => string])[] = [
  [
    /\.dkr\.ecr[.-]/,
    (name) => `\`aws ecr create-repository --repository-name ${name}\``,
  ],
  [
    /-docker\.pkg\.dev$/,
    (name) =>
      `\`gcloud artifacts repositories create ${
        name.split("/")[1] ?? "NAME"
      } --repository-format=docker\``,
  ],
];

function forMissingProject(facts: Facts): string | undefined {
  const { http, ref, registry, error } = facts;
  if (!http || !ref || http.fields.method === "GET") return undefined;
  const isWrite = /^(?:POST|PUT|PATCH)$/.test(http.fields.method);
  if (!isWrite) return undefined;
  const maker = MAKERS.find(([host]) => host.test(registry))?.[1];
  const unknown = http.fields.entries.some(({ code }) =>
    code === "NAME_UNKNOWN"
  );
  if (maker && (unknown || error.code === "not_found")) {
    return `there the repository has to exist first: ${maker(ref.repository)}`;
  }
  if (error.code !== "not_found" && !unknown) return undefined;
  const project = ref.repository.split("/")[0] ?? "";
  return `make the repository, or its project "${project}", there first`;
}

function forSparse({ http, command, given }: Facts): string | undefined {
  const lacks = http?.fields.entries.some(({ code }) =>
    /^MANIFEST_(?:BLOB_)?UNKNOWN$/.test(code)
  );
  const isPut = http?.fields.method === "PUT" && lacks;
  if (!isPut) return undefined;
  return command === "image copy" && given.has("platforms")
    ? "the registry takes no index whose images are missing: add --rewrite-index"
    : "push what the manifest names first: `regctl blob put`, `regctl manifest put --by-digest`";
}

function forLogin(
  { error, http, ref, registry, command }: Facts,
): string | undefined {
  if (error.code !== "unauthorized" || registry === "") return undefined;
  if (command === "registry login") {
    return "the registry refused this user or password; what was stored can be replaced by another login";
  }
  const login = `run \`regctl registry login ${quoted(registry)}\``;
  const [, wanted] = /scope="?repository:[^":]+:([a-z,*]+)/.exec(
    http?.headers.get("www-authenticate") ?? "",
  ) ?? [];
  const isWrite = wanted?.includes("push") === true;
  const scope = isWrite && ref
    ? `; the login must be allowed to push to ${
      repositoryName(ref)
    }, and its project must exist`
    : "";
  return login + scope;
}

function forDenied({ error, http, ref, registry }: Facts): string | undefined {
  // Without an answer it was us who refused, such as an address to go on to.
  if (error.code !== "denied" || !http) return undefined;
  // A registry answers in its own form; a page or plain words are a proxy's.
  if (http.fields.entries.length === 0 && http.headers.has("via")) {
    return `a proxy answered (${
      http.headers.get("via")
    }): let it pass ${registry}, or set NO_PROXY=${registry}`;
  }
  const where = ref && ref.repository !== "" ? repositoryName(ref) : registry;
  return `the login may not do that to ${where}, or its project does not exist; see \`regctl registry whoami ${
    quoted(registry)
  }\`, or log in as another: \`regctl registry login ${quoted(registry)}\``;
}

function forDeletes({ error, http, ref, command }: Facts): string | undefined {
  const isDelete = http?.fields.method === "DELETE" &&
    (http.status === 405 || error.code === "unsupported");
  if (isDelete) {
    return "the registry does not allow deletes; CNCF distribution does with `storage.delete.enabled: true`, others on their web pages";
  }
  const wants = /^(?:image|manifest) delete$/.test(command) &&
    error.code === "usage" && ref && ref.digest === "";
  return wants
    ? `to delete what the tag points at now, other tags of it too: \`regctl ${command} --force-tag-dereference ${
      quoted(commonName(ref))
    }\`; the tag alone: \`regctl tag delete ${quoted(commonName(ref))}\``
    : undefined;
}

function forPlatform({ error, ref }: Facts): string | undefined {
  const isPlatform = error.code === "not_found" &&
    error.message.includes("platform not found");
  return isPlatform && ref
    ? `see what there is: \`regctl manifest get ${quoted(commonName(ref))}\``
    : undefined;
}

/** What is missing is no tag, and no list of tags helps. */
function forMissingPart(
  { error, http, ref, command }: Facts,
): string | undefined {
  if (error.code !== "not_found" || !ref) return undefined;
  const isUnknown = http?.fields.entries.some(({ code }) =>
    code === "NAME_UNKNOWN"
  );
  if (isUnknown) return undefined;
  if (command.startsWith("blob ")) {
    return `check the digest; the manifest of an image lists its blobs: \`regctl manifest get ${
      quoted(commonName(withTag(ref, ref.tag || "latest")))
    }\``;
  }
  const copy = within(error, CopyError);
  return copy?.side === "source" && copy.node !== undefined
    ? "the image is not whole there: push it again, or copy it from where it is whole"
    : undefined;
}

function forMissing({ error, http, ref, command }: Facts): string | undefined {
  if (error.code !== "not_found" || !ref) return undefined;
  if (
    ref.scheme === "ocidir" && error.message.startsWith("Cannot open ocidir:")
  ) {
    return `check the path; a copy makes a layout: \`regctl image copy IMAGE ${
      quoted(commonName(ref))
    }\``;
  }
  if (ref.scheme === "ocidir" && error.message.includes("ocidir://")) {
    return `list what is there: \`regctl tag ls ${
      quoted(repositoryName(ref))
    }\``;
  }
  // Without an answer something inside an image is missing, a file for one.
  if (ref.repository === "" || !http) return undefined;
  const unknown = http?.fields.entries.some(({ code }) =>
    code === "NAME_UNKNOWN"
  );
  if ((unknown || command === "tag ls") && isDockerHub(ref.registry)) {
    return "check the name; a private repository needs a login: `regctl registry login docker.io`";
  }
  if (unknown || command === "tag ls") {
    return `check the name; where the registry lists them: \`regctl repo ls ${
      quoted(ref.registry)
    }\``;
  }
  return `list the tags there: \`regctl tag ls ${
    quoted(repositoryName(withTag(ref, "")))
  }\``;
}
