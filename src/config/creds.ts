/**
 * The `creds` list of regsync's and regbot's files.
 *
 * @module
 */
import { toMilliseconds } from "../base/duration.ts";
import type { Log } from "../base/log.ts";
import { type HostConfig, isDockerHub } from "../registry/http/hosts.ts";
import { type Decoded } from "./decode.ts";
import { list, record, table } from "./decode_parts.ts";
import {
  bool,
  choice,
  durationOrNanoseconds,
  integer,
  number,
  text,
} from "./decode_scalar.ts";

/** One entry of `creds`, its templates not yet expanded. */
export type Credential = Decoded<typeof credential>;

/** Decodes one entry of `creds`. */
export const credential = record({
  registry: text({
    description:
      'The registry\'s name in references; "docker.io" for Docker Hub.',
  }),
  tls: choice(["enabled", "insecure", "disabled"], {
    description: "https, https without verification, or http.",
    wrong: (found) => `unknown TLS value ${JSON.stringify(found)}`,
  }),
  regcert: text({
    description: "Template: PEM certificates to trust in addition.",
  }),
  clientCert: text({ description: "Template: PEM client certificate." }),
  clientKey: text({ description: "Template: PEM key of clientCert." }),
  hostname: text({ description: "Where to connect, host[:port]." }),
  user: text({ description: "Template: user name." }),
  pass: text({ description: "Template: password." }),
  token: text({ description: "Identity token." }),
  credHelper: text({
    description: "Program that gives the login, run as `PROGRAM get`.",
  }),
  credExpire: durationOrNanoseconds({
    description: "How long a helper's answer is kept; 1h where left out.",
  }),
  credHost: text({ description: "What the helper is asked for." }),
  pathPrefix: text({ description: "Inserted before every repository." }),
  mirrors: list(text(), {
    description: "Names of other registries to try first for reads.",
  }),
  priority: integer({
    min: 0,
    description: "Order among mirrors, lower first.",
  }),
  repoAuth: bool({ description: "Asks for a token per repository." }),
  api: text({ description: "Deprecated, no effect." }),
  apiOpts: table(text(), {
    description: "Switches: disableHead.",
  }),
  blobChunk: integer({ description: "Bytes in a chunk of an upload." }),
  blobMax: integer({
    description: "Blobs above this size in bytes are uploaded in chunks.",
  }),
  reqPerSec: number({ description: "Requests started per second." }),
  reqConcurrent: integer({ description: "Requests at once." }),
  scheme: text({ description: "Deprecated: use tls." }),
}, { description: "Login and settings of a registry." });

/** Decodes `creds`. */
export const credentials = list(credential);

/** Options for {@linkcode toHosts}. */
export interface ToHostsOptions {
  /** Takes warnings about deprecated and incomplete entries. */
  readonly log: Log;
}

/**
 * Entries with their templates expanded, as settings of hosts: the names of
 * Docker Hub become one, `http://host` selects http, entries without a name are
 * left out with a warning.
 */
export function toHosts(
  entries: readonly Credential[],
  options: ToHostsOptions,
): HostConfig[] {
  const { log } = options;
  return entries.flatMap((entry) => {
    warnOfDeprecated(entry, log);
    if ((entry.registry ?? "") === "") {
      log.warn("Ignoring registry config without a name", {
        entry: JSON.stringify(
          masked(entry),
          // JSON knows no bigint, the type of a duration.
          (_key, value) => typeof value === "bigint" ? Number(value) : value,
        ),
      });
      return [];
    }
    return [toHost(entry)];
  });
}

function warnOfDeprecated(entry: Credential, log: Log): void {
  const name = entry.registry ?? "";
  if (isSet(entry.scheme)) {
    log.warn("Scheme is deprecated, for http set TLS to disabled", { name });
  }
  if (isSet(entry.api)) {
    log.warn("API field has been deprecated", { api: entry.api, host: name });
  }
}

/** Texts and numbers that are "not set" where they are empty or zero. */
const PLAIN = [
  "regcert",
  "clientCert",
  "clientKey",
  "hostname",
  "user",
  "pass",
  "token",
  "credHelper",
  "credHost",
  "pathPrefix",
  "priority",
  "repoAuth",
  "blobChunk",
  "blobMax",
  "reqPerSec",
  "reqConcurrent",
] as const;

function toHost(entry: Credential): HostConfig {
  const { name, tls: nameTls, hostname } = readName(entry.registry ?? "");
  // The scheme alone would be ignored upstream: here an early file still works.
  const schemeTls = entry.scheme?.toLowerCase() === "http"
    ? "disabled"
    : undefined;
  const tls = entry.tls ?? nameTls ?? schemeTls;
  const set = Object.fromEntries(
    PLAIN.map((key) => [key, entry[key]] as const).filter(([, value]) =>
      isSet(value)
    ),
  );
  const { credExpire = 0n, mirrors = [], apiOpts = {} } = entry;
  return {
    name,
    ...hostname !== undefined && { hostname },
    ...set,
    ...tls && { tls },
    ...credExpire > 0n && { credExpireMs: toMilliseconds(credExpire) },
    ...mirrors.length > 0 && { mirrors },
    ...Object.keys(apiOpts).length > 0 && { apiOpts },
  };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== "" && value !== 0 && value !== false;
}

function readName(
  registry: string,
): Pick<HostConfig, "name" | "tls" | "hostname"> {
  if (isDockerHub(registry)) return { name: "docker.io" };
  const [, scheme, host = registry] =
    /^(https?):\/\/([^/]+)\/?$/.exec(registry) ?? [];
  return scheme === "http"
    ? { name: host, tls: "disabled", hostname: host }
    : { name: host };
}

/** The keys whose values nobody may see. */
export const SECRETS = ["pass", "token", "clientKey"] as const;

/** The entry with its secrets covered. */
export function masked(entry: Credential): Credential {
  const covered = SECRETS.filter((key) => isSet(entry[key]))
    .map((key) => [key, "***"] as const);
  return { ...entry, ...Object.fromEntries(covered) };
}
