/**
 * Makes what the steps of a file share.
 *
 * @module
 */
import { Semaphore } from "../../base/semaphore.ts";
import { VERSION } from "../../base/version.ts";
import type { Log } from "../../base/log.ts";
import type { Io } from "../../cli/io.ts";
import { toHosts } from "../../config/creds.ts";
import { dockerHosts, withDockerCerts } from "../../config/docker.ts";
import type { RegsyncConfig } from "../../config/regsync.ts";
import { proxySettings, proxyVariables } from "../../registry/http/no_proxy.ts";
import { Client } from "../../registry/open.ts";
import { type Clock, systemClock } from "../../schedule/clock.ts";
import { settleHelpers } from "../settle.ts";
import type { Context } from "./context.ts";
import { templateSources } from "./load.ts";
import { PlatformCache } from "./platform_cache.ts";
import { RateGate } from "./rate_gate.ts";
import { StorePool } from "./store_pool.ts";

/** Images and lists that are looked at at a time. */
const CHECKS = 64;

/** Options for {@linkcode openContext}. */
export interface OpenContextOptions {
  /** Where events go. */
  readonly log: Log;
  /** @default {systemClock} */
  readonly clock?: Clock | undefined;
  /** The context of the file before it was changed: what it learnt is kept. */
  readonly before?: Context | undefined;
}

/** Reads logins and makes a client; sends nothing. Dispose it at the end. */
export async function openContext(
  config: RegsyncConfig,
  io: Io,
  options: OpenContextOptions,
): Promise<Context & AsyncDisposable> {
  const { log, before, clock = systemClock } = options;
  const { defaults } = config;
  const parallel = Math.max(1, defaults.parallel ?? 0);
  log.debug("Configuring parallel settings", { concurrent: parallel });
  const docker = defaults.skipDockerConfig !== true;
  const hosts = [
    ...docker
      ? await dockerHosts(io.env, {
        log,
        helperEnv: proxyVariables(io.env),
      })
      : [],
    ...toHosts(config.creds, { log }),
  ];
  settleHelpers(io, hosts);
  const client = new Client({
    hosts,
    certificates: docker ? (host) => withDockerCerts(host, { log }) : undefined,
    log,
    userAgent: defaults.userAgent || `regkit/regsync (v${VERSION})`,
    blobLimit: defaults.blobLimit || undefined,
    proxy: proxySettings(io.env),
    helperEnv: proxyVariables(io.env),
  });
  return {
    client,
    stores: new StorePool(
      (reference) => client.open(reference),
      (ref, error) =>
        log.error("Error closing ref", {
          ref,
          error: error instanceof Error ? error : String(error),
        }),
    ),
    log,
    clock,
    slots: new Semaphore(parallel),
    checks: new Semaphore(CHECKS),
    rateGate: before?.rateGate ?? new RateGate({ clock, log }),
    platforms: before?.platforms ?? new PlatformCache(),
    templates: templateSources(io),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
