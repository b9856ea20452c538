/**
 * What is configured for a registry, and how it is looked up.
 *
 * @module
 */

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
