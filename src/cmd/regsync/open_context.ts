/**
 * Makes what the steps of a file share.
 *
 * @module
 */
import { asError } from "../../base/errors.ts";
import { Semaphore } from "../../base/semaphore.ts";
import type { Log } from "../../base/log.ts";
import type { Io } from "../../cli/io.ts";
import type { RegsyncConfig } from "../../config/regsync.ts";
import { type Clock, systemClock } from "../../schedule/clock.ts";
import { openClient } from "../open_client.ts";
import type { Context } from "./context.ts";
import { DeadHosts } from "./dead_hosts.ts";
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
  const client = await openClient(config, io, { tool: "regsync", log });
  return {
    client,
    stores: new StorePool(
      (reference) => client.open(reference),
      (ref, error) =>
        log.error("Error closing ref", { ref, error: asError(error) }),
    ),
    log,
    clock,
    slots: new Semaphore(parallel),
    checks: new Semaphore(CHECKS),
    rateGate: before?.rateGate ?? new RateGate({ clock, log }),
    deadHosts: new DeadHosts(),
    platforms: before?.platforms ?? new PlatformCache(),
    templates: templateSources(io),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
