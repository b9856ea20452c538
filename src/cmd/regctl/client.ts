/**
 * What regctl reaches registries with: the settings and the logins of all places.
 *
 * @module
 */
import { isRegError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { VERSION } from "../../base/version.ts";
import type { Io } from "../../cli/io.ts";
import {
  dockerHosts,
  dockerStore,
  withDockerCerts,
} from "../../config/docker.ts";
import { splitSettings } from "../../config/host_flag.ts";
import {
  emptyConfig,
  loadRegctlConfig,
  parseTls,
  type RegctlConfig,
  regctlConfigPath,
} from "../../config/regctl.ts";
import type { HostConfig } from "../../registry/http/hosts.ts";
import { proxySettings, proxyVariables } from "../../registry/http/no_proxy.ts";
import { Client } from "../../registry/open.ts";
import { settleHelpers } from "../settle.ts";
import type { RegctlCall } from "./define.ts";

/** regctl's own settings; none, and a warning, where they make no sense. */
export async function loadOrWarn(io: Io, log: Log): Promise<RegctlConfig> {
  try {
    return await loadRegctlConfig(io.env);
  } catch (error) {
    if (!isRegError(error, "config")) throw error;
    log.warn("Failed to load default config", { err: error });
    return emptyConfig(await regctlConfigPath(io.env));
  }
}

/** Reads settings and logins, and makes a client; sends nothing. */
export async function openClient(
  io: Io,
  { flags, log, signal }: RegctlCall,
): Promise<Client> {
  const config = await loadOrWarn(io, log);
  const hosts = [
    ...(config.incDockerCred === false ? [] : await dockerHosts(io.env, {
      log,
      signal,
      helperEnv: proxyVariables(io.env),
    })),
    ...config.hosts.values(),
    ...flags.host.flatMap((text) => hostOf(text, log)),
  ];
  // A login goes to Docker's store also where no registry is in it yet.
  const store = config.incDockerCred === false
    ? undefined
    : await dockerStore(io.env);
  settleHelpers(io, [
    config.hostDefault,
    ...hosts,
    ...store === undefined ? [] : [{ credHelper: store }],
  ]);
  return new Client({
    hosts,
    hostDefault: config.hostDefault,
    log,
    userAgent: flags["user-agent"] ?? `regkit/regctl (v${VERSION})`,
    retries: flags.retries,
    timeoutMs: flags.timeout,
    blobLimit: config.blobLimit || undefined,
    proxy: proxySettings(io.env),
    helperEnv: proxyVariables(io.env),
    certificates: config.incDockerCert === false
      ? undefined
      : (host) => withDockerCerts(host, { log }),
  });
}

/** The settings of one `--host`; none, and a warning, where it makes no sense. */
export function hostOf(text: string, log: Log): HostConfig[] {
  let settings: Readonly<Record<string, string>>;
  try {
    settings = Object.fromEntries(splitSettings(text));
  } catch (error) {
    if (!isRegError(error, "usage")) throw error;
    log.warn("unable to parse host string", { err: error });
    return [];
  }
  const { reg = "", user = "", pass = "", tls = "" } = settings;
  if (reg === "") {
    log.warn("host flag is missing the registry name (reg=...)");
    return [];
  }
  const known = parseTls(tls);
  if (tls !== "" && known === undefined) {
    log.warn("unable to parse tls setting", { tls });
  }
  return [{
    name: reg,
    ...(user === "" ? {} : { user }),
    ...(pass === "" ? {} : { pass }),
    ...(known === undefined ? {} : { tls: known }),
  }];
}
