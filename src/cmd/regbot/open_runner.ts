/**
 * Makes the environment that the scripts of a file run in.
 *
 * @module
 */
import type { Log } from "../../base/log.ts";
import { VERSION } from "../../base/version.ts";
import type { Io } from "../../cli/io.ts";
import { dockerHosts, withDockerCerts } from "../../config/docker.ts";
import type { RegbotAllow, RegbotConfig } from "../../config/regbot.ts";
import type { HostConfig } from "../../registry/http/hosts.ts";
import { proxySettings, proxyVariables } from "../../registry/http/no_proxy.ts";
import type { LuaPool } from "../../lua/pool.ts";
import { Client } from "../../registry/open.ts";
import { settleHelpers } from "../settle.ts";
import type { LoadedConfig } from "./load.ts";
import { usesFiles } from "./reach.ts";
import { ScriptRunner } from "./script_runner.ts";

/** Options for {@linkcode openRunner}. */
export interface OpenRunnerOptions {
  /** Where events go. */
  readonly log: Log;
  /** Whether nothing may be changed. */
  readonly dryRun: boolean;
  /** What the scripts that will run may reach. @default {the lists of the file's scripts} */
  readonly allow?: readonly RegbotAllow[];
  /** See {@linkcode ScriptRunnerOptions}. */
  readonly pool?: LuaPool | undefined;
}

/** A runner with the connections it uses. Dispose it at the end. */
export interface OpenedRunner extends AsyncDisposable {
  /** Runs scripts. */
  readonly runner: ScriptRunner;
}

/** Reads logins and makes a client; sends nothing. */
export async function openRunner(
  loaded: LoadedConfig,
  io: Io,
  options: OpenRunnerOptions,
): Promise<OpenedRunner> {
  const { log, dryRun, pool } = options;
  const { config, files } = loaded;
  const { allow = config.scripts.map((script) => script.allow) } = options;
  io.permissions?.settle(
    "write",
    allow.some((lists) => usesFiles(lists, { env: io.env, files })),
  );
  const parallel = Math.max(1, config.defaults.parallel ?? 0);
  log.debug("Configuring parallel settings", { concurrent: parallel });
  const stack = new AsyncDisposableStack();
  const client = stack.use(await openClient(config, io, log));
  const runner = stack.use(
    new ScriptRunner(io, { client, log, dryRun, parallel, files, pool }),
  );
  return { runner, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function openClient(
  config: RegbotConfig,
  io: Io,
  log: Log,
): Promise<Client> {
  const { defaults, creds } = config;
  const docker = !(defaults.skipDockerConfig ?? false);
  const hosts = [
    ...docker
      ? await dockerHosts(io.env, {
        log,
        helperEnv: proxyVariables(io.env),
      })
      : [],
    ...await hostsOf(creds, log),
  ];
  settleHelpers(io, hosts);
  return new Client({
    hosts,
    log,
    userAgent: defaults.userAgent || `regkit/regbot (v${VERSION})`,
    blobLimit: defaults.blobLimit || undefined,
    proxy: proxySettings(io.env),
    helperEnv: proxyVariables(io.env),
    certificates: docker ? (host) => withDockerCerts(host, { log }) : undefined,
  });
}

/** Loads what knows the file's `creds` only where there are some. */
async function hostsOf(
  creds: RegbotConfig["creds"],
  log: Log,
): Promise<HostConfig[]> {
  if (creds.length === 0) return [];
  const { toHosts } = await import("../../config/creds.ts");
  return toHosts(creds, { log });
}
