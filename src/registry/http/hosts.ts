/**
 * What is configured for a registry, and how it is looked up.
 *
 * @module
 */
import { type Log, silent } from "../../base/log.ts";
import { RegError } from "../../base/errors.ts";

/** How a registry is reached. */
export type Tls = "enabled" | "insecure" | "disabled";

/** Settings for one registry. All strings are literal values, never file names. */
export interface HostConfig {
  /** The registry's name in references. */
  readonly name: string;
  /** https, https without verification, or http. @default {"enabled"} */
  readonly tls?: Tls;
  /** PEM certificates that are trusted for this host in addition. */
  readonly regcert?: string;
  /** PEM client certificate; used together with `clientKey`. */
  readonly clientCert?: string;
  /** PEM key of `clientCert`. */
  readonly clientKey?: string;
  /** Where to connect, `host[:port]`. @default {name} */
  readonly hostname?: string;
  /** Login. */
  readonly user?: string;
  /** Login. */
  readonly pass?: string;
  /** Identity (refresh) token for the bearer flow. */
  readonly token?: string;
  /** Program that gives the login, such as `docker-credential-pass`. */
  readonly credHelper?: string;
  /** How long a helper's answer is kept, in milliseconds. @default {3_600_000} */
  readonly credExpireMs?: number;
  /** What a helper is asked for. @default {hostname} */
  readonly credHost?: string;
  /** Inserted after `/v2/`. */
  readonly pathPrefix?: string;
  /** Names of other configured registries to try first for reads. */
  readonly mirrors?: readonly string[];
  /** Order among mirrors; lower first. @default {0} */
  readonly priority?: number;
  /** Keeps a token per repository. @default {false} */
  readonly repoAuth?: boolean;
  /** Switches, such as `disableHead`. */
  readonly apiOpts?: Readonly<Record<string, string>>;
  /** The size of chunks in chunked uploads, in bytes. @default {1_048_576} */
  readonly blobChunk?: number;
  /** Above this size blobs are uploaded in chunks, in bytes; 0 or less: never. @default {-1} */
  readonly blobMax?: number;
  /** Requests started per second; 0 is no limit. @default {0} */
  readonly reqPerSec?: number;
  /** Requests at once; the policy of the throttle where it is not set. */
  readonly reqConcurrent?: number;
}

/** The names under which Docker Hub goes. */
const HUB = new Set([
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
  "https://index.docker.io/v1/",
]);

/** Tells whether a registry's name means Docker Hub. */
export function isDockerHub(name: string): boolean {
  return HUB.has(name);
}

/**
 * The settings of a registry that nobody configured.
 *
 * @param name The registry's name in references.
 */
export function defaultHost(name: string): HostConfig {
  return isDockerHub(name)
    ? {
      name: "docker.io",
      hostname: "registry-1.docker.io",
      credHost: "https://index.docker.io/v1/",
    }
    : { name, hostname: name };
}

/** Finds the settings of a registry by its name. */
export interface HostLookup {
  /** The settings of a registry, with all defaults; made up for an unknown name. */
  get(name: string): HostConfig;
}

/** Options for {@linkcode HostTable}. */
export interface HostTableOptions {
  /** Settings that every host starts from. */
  readonly hostDefault?: Partial<HostConfig> | undefined;
  /** Told when a later entry changes what an earlier one set. */
  readonly log?: Log | undefined;
}

/**
 * The settings of all registries: entries of the same name are merged in order,
 * on top of `hostDefault`, on top of what the name alone says.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * const hosts = new HostTable([{ name: "localhost:5000", tls: "disabled" }]);
 * strictEqual(hosts.get("localhost:5000").hostname, "localhost:5000");
 * ```
 */
export class HostTable implements HostLookup {
  readonly #configured = new Map<string, HostConfig>();
  readonly #complete = new Map<string, HostConfig>();
  readonly #default: Partial<HostConfig>;

  /**
   * Makes a table.
   *
   * @param hosts In order of precedence, the strongest last.
   */
  constructor(hosts: readonly HostConfig[], options: HostTableOptions = {}) {
    const { hostDefault = {}, log = silent } = options;
    this.#default = hostDefault;
    for (const host of hosts) {
      const name = keyOf(host.name);
      const known = this.#configured.get(name);
      const named = { ...host, name };
      this.#configured.set(
        name,
        known ? mergeHosts(known, named, { log }) : named,
      );
    }
  }

  /** The names of the registries that somebody configured, in order. */
  get names(): readonly string[] {
    return [...this.#configured.keys()];
  }

  /** The settings of a registry, with all defaults; made up for an unknown name. */
  get(name: string): HostConfig {
    const key = keyOf(name);
    const known = this.#complete.get(key);
    if (known) return known;
    const base = defaultHost(key);
    const complete = {
      ...defined(base),
      ...defined(this.#default),
      ...defined(this.#configured.get(key) ?? {}),
      name: base.name,
    };
    this.#complete.set(key, complete);
    return complete;
  }
}

function keyOf(name: string): string {
  return isDockerHub(name) ? "docker.io" : name;
}

/** The fields that say something: zero values never reset what is set. */
function defined(host: Partial<HostConfig>): Partial<HostConfig> {
  return Object.fromEntries(
    Object.entries(host).filter(([, value]) =>
      value !== undefined && value !== "" &&
      !(Array.isArray(value) && value.length === 0)
    ),
  );
}

/** How a change of each field is told; fields without a row change silently. */
const CHANGES: Readonly<
  Partial<Record<keyof HostConfig, readonly [text: string, secret: boolean]>>
> = {
  user: ["Changing login user for registry", false],
  pass: ["Changing login password for registry", true],
  token: ["Changing login token for registry", true],
  credHelper: ["Changing credential helper for registry", false],
  credExpireMs: ["Changing credential expire for registry", false],
  credHost: ["Changing credential host for registry", false],
  tls: ["Changing TLS settings for registry", false],
  regcert: ["Changing certificate settings for registry", true],
  clientCert: ["Changing client certificate settings for registry", true],
  clientKey: ["Changing client certificate settings for registry", true],
  hostname: ["Changing hostname settings for registry", false],
  pathPrefix: ["Changing path prefix settings for registry", false],
  mirrors: ["Changing mirror settings for registry", false],
  priority: ["Changing priority settings for registry", false],
  blobChunk: ["Changing blobChunk settings for registry", false],
  blobMax: ["Changing blobMax settings for registry", false],
  reqPerSec: ["Changing reqPerSec settings for registry", false],
};

/**
 * Puts one entry on top of another: what it sets wins, `apiOpts` merge by key. A
 * password drops an inherited helper, a helper alone drops an inherited login.
 */
export function mergeHosts(
  host: HostConfig,
  change: HostConfig,
  options: { readonly log?: Log } = {},
): HostConfig {
  const { log = silent } = options;
  const next = defined(change);
  for (const [field, [text, secret]] of Object.entries(CHANGES)) {
    const before = host[field as keyof HostConfig];
    const after = next[field as keyof HostConfig];
    if (
      before === undefined || after === undefined ||
      JSON.stringify(before) === JSON.stringify(after)
    ) continue;
    log.warn(text, {
      ...(secret ? {} : { orig: String(before), new: String(after) }),
      host: host.name,
    });
  }
  const { credHelper: _helper, ...withoutHelper } = host;
  const { user: _user, pass: _pass, token: _token, ...withoutLogin } = host;
  const base = next.pass && !next.credHelper
    ? withoutHelper
    : next.credHelper && !next.user && !next.pass && !next.token
    ? withoutLogin
    : host;
  return {
    ...base,
    ...next,
    name: host.name,
    ...(host.apiOpts || change.apiOpts
      ? { apiOpts: { ...host.apiOpts, ...change.apiOpts } }
      : {}),
  };
}

/**
 * What people write for a registry (`ghcr.io`, `https://ghcr.io/`,
 * `https://index.docker.io/v1/`, `http://localhost:5000`) as the entry it means.
 *
 * @throws {RegError} `config` for a name with a path, another scheme or nothing.
 */
export function hostFromName(text: string): HostConfig {
  if (isDockerHub(text)) return defaultHost(text);
  const [, scheme = "https", rest = ""] =
    /^(?:([^:/]*):\/\/)?(.*)$/.exec(text) ??
      [];
  const name = rest.replace(/\/$/, "");
  if (!/^https?$/.test(scheme) || name === "" || /[\s/?#@\\]/.test(name)) {
    throw new RegError(
      "config",
      `Cannot read a registry name from ${JSON.stringify(text)}`,
    );
  }
  if (isDockerHub(name)) return defaultHost(name);
  return {
    ...defaultHost(name),
    ...(scheme === "http" ? { tls: "disabled" } : {}),
    ...(text === name ? {} : { credHost: text }),
  };
}
