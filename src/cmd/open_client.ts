/**
 * Makes the client of a tool that works by a file.
 *
 * @module
 */
import type { Log } from "../base/log.ts";
import { VERSION } from "../base/version.ts";
import type { Io } from "../cli/io.ts";
import type { Credential } from "../config/creds.ts";
import { dockerHosts, withDockerCerts } from "../config/docker.ts";
import type { HostConfig } from "../registry/http/hosts.ts";
import { proxySettings, proxyVariables } from "../registry/http/no_proxy.ts";
import { Client } from "../registry/open.ts";
import { settleHelpers } from "./settle.ts";

/** What of a file is about connections. */
export interface ConnectionSettings {
  /** Registries and logins. */
  readonly creds: readonly Credential[];
  /** What holds for all of them. */
  readonly defaults: {
    readonly skipDockerConfig?: boolean | undefined;
    readonly userAgent?: string | undefined;
    readonly blobLimit?: number | undefined;
  };
}

/** Options for {@linkcode openClient}. */
export interface OpenClientOptions {
  /** Who the tool says it is, unless the file does. */
  readonly tool: string;
  /** Where events go. */
  readonly log: Log;
}

/** Reads logins and makes a client; sends nothing. Dispose it at the end. */
export async function openClient(
  { creds, defaults }: ConnectionSettings,
  io: Io,
  options: OpenClientOptions,
): Promise<Client> {
  const { tool, log } = options;
  const docker = defaults.skipDockerConfig !== true;
  const helperEnv = proxyVariables(io.env);
  const hosts = [
    ...docker ? await dockerHosts(io.env, { log, helperEnv }) : [],
    ...await hostsOf(creds, log),
  ];
  settleHelpers(io, hosts);
  return new Client({
    hosts,
    certificates: docker ? (host) => withDockerCerts(host, { log }) : undefined,
    log,
    userAgent: defaults.userAgent || `regkit/${tool} (v${VERSION})`,
    blobLimit: defaults.blobLimit || undefined,
    proxy: proxySettings(io.env),
    helperEnv,
  });
}

/** Loads what knows the file's `creds` only where there are some. */
async function hostsOf(
  creds: readonly Credential[],
  log: Log,
): Promise<HostConfig[]> {
  if (creds.length === 0) return [];
  const { toHosts } = await import("../config/creds.ts");
  return toHosts(creds, { log });
}
