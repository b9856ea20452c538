/**
 * What a command of regctl works with: the settings, the client, the stores.
 *
 * @module
 */
import { isRegError, RegError } from "../../base/errors.ts";
import { VERSION } from "../../base/version.ts";
import type { Log } from "../../base/log.ts";
import type { Io } from "../../cli/io.ts";
import { dockerHosts, withDockerCerts } from "../../config/docker.ts";
import { sourceDate } from "../../config/env.ts";
import { splitSettings } from "../../config/host_flag.ts";
import {
  emptyConfig,
  loadRegctlConfig,
  parseTls,
  type RegctlConfig,
  regctlConfigPath,
} from "../../config/regctl.ts";
import { type DryChange, DryStore } from "../../registry/dry_store.ts";
import type { HostConfig } from "../../registry/http/hosts.ts";
import { proxySettings, proxyVariables } from "../../registry/http/no_proxy.ts";
import { Client, type OpenedStore } from "../../registry/open.ts";
import type { Reference } from "../../registry/reference.ts";
import { settleHelpers } from "../settle.ts";
import type { Globals } from "./define.ts";

/** The call of any command of regctl. */
export interface RegctlCall {
  /** Its flags. */
  readonly flags: Globals & { readonly "dry-run"?: boolean };
  /** Where records go. */
  readonly log: Log;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
}

/** Settings, client and stores of one command. Dispose it at the end. */
export interface Session extends AsyncDisposable {
  /** regctl's own settings. */
  readonly config: RegctlConfig;
  /** Reaches registries and layouts. */
  readonly client: Client;
  /** Whether nothing may be changed. */
  readonly dryRun: boolean;
  /** Opens the repository of a reference; closed with the session. */
  open(reference: Reference): Promise<OpenedStore>;
}

/** Reads the settings and makes a client; sends nothing. */
export async function openSession(
  io: Io,
  call: RegctlCall,
): Promise<Session> {
  const config = await loadOrWarn(io, call.log);
  const client = await openClient(io, call, config);
  const dryRun = call.flags["dry-run"] ?? false;
  const stores = new AsyncDisposableStack();
  stores.use(client);
  // One store a repository: a copy within a repository must see that it is one.
  const opened = new Map<string, OpenedStore>();
  const open = async (reference: Reference) => {
    const { scheme, registry, repository, path } = reference;
    const key = `${scheme} ${registry} ${repository} ${path}`;
    const known = opened.get(key);
    if (known) return known;
    const store = await client.open(reference);
    const used = dryRun
      ? new DryStore(store, (change) => io.stdout.write(sentence(change)))
      : store;
    opened.set(key, stores.use(used));
    return used;
  };
  return {
    config,
    client,
    dryRun,
    open,
    [Symbol.asyncDispose]: () => stores.disposeAsync(),
  };
}

/** What is in force for a registry, from all places. */
export async function effectiveHost(
  io: Io,
  call: RegctlCall,
  name: string,
): Promise<HostConfig> {
  await using session = await openSession(io, call);
  return session.client.hosts.get(name);
}

function sentence({ type, store, node, tag }: DryChange): string {
  const what = type === "delete tag" ? tag : node?.digest;
  const size = type === "push blob" && node && node.size >= 0
    ? ` (${node.size} bytes)`
    : "";
  const as = tag !== undefined && type !== "delete tag" ? ` as tag ${tag}` : "";
  const side = type.startsWith("delete") ? "of" : "to";
  return `would ${type} ${what}${size} ${side} ${store}${as}\n`;
}

async function loadOrWarn(io: Io, log: Log): Promise<RegctlConfig> {
  try {
    return await loadRegctlConfig(io.env);
  } catch (error) {
    if (!isRegError(error, "config")) throw error;
    log.warn("Failed to load default config", { err: error });
    return emptyConfig(await regctlConfigPath(io.env));
  }
}

/** A wait of nothing could only fail, and fewer tries than one are none. */
function checkLimits({ retries = 0, timeout = 1 }: RegctlCall["flags"]): void {
  if (retries < 0) {
    throw new RegError("usage", `Cannot use "--retries ${retries}": below 0`);
  }
  if (timeout <= 0) {
    throw new RegError(
      "usage",
      `Cannot use "--timeout ${timeout}ms": it must be longer than nothing`,
    );
  }
}

async function openClient(
  io: Io,
  { flags, log, signal }: RegctlCall,
  config: RegctlConfig,
): Promise<Client> {
  checkLimits(flags);
  const created = sourceDate(io.env);
  const hosts = [
    ...(config.incDockerCred === false ? [] : await dockerHosts(io.env, {
      log,
      signal,
      helperEnv: proxyVariables(io.env),
    })),
    ...config.hosts.values(),
    ...flags.host.flatMap((text) => hostOf(text, log)),
  ];
  settleHelpers(io, [config.hostDefault, ...hosts]);
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
    layout: { ...(created ? { created } : {}) },
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

/**
 * Demands a repository with a tag or a digest, as a command needs it.
 *
 * @throws {RegError} `reference`
 */
export function needDigest(reference: Reference, what: string): string {
  if (reference.digest !== "") return reference.digest;
  throw new RegError("reference", `${what}, reference ${reference.reference}`);
}
