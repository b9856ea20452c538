/**
 * Tries the hosts that can answer a read, one after the other.
 *
 * @module
 */
import { backoff } from "../../base/backoff.ts";
import { isAbort } from "../../base/errors.ts";
import type { Layer, RegistryRequest } from "../core.ts";
import type { Health } from "./health.ts";
import type { HostConfig, HostLookup } from "./hosts.ts";
import { isTransient } from "./retry.ts";

/** Options for {@linkcode mirror}. */
export interface MirrorOptions {
  /** Finds the settings of a host. */
  readonly hosts: HostLookup;
  /** What is known about hosts; told about each failure and each success. */
  readonly health: Health;
}

/**
 * Sends reads of a repository to the mirrors of its registry and then to the
 * registry itself, everything else to the registry alone. Where all fail, the
 * registry's own error counts.
 */
export function mirror(options: MirrorOptions): Layer {
  const { hosts, health } = options;
  return (next) => async (request) => {
    const upstream = hosts.get(request.registry);
    const candidates = isRead(request)
      ? mirrorsOf(upstream, options)
      : [upstream];
    let failure: unknown;
    for (const host of candidates) {
      try {
        const response = await next(directed(request, host, upstream));
        health.answered(host.name);
        return response;
      } catch (error) {
        request.signal?.throwIfAborted();
        if (isAbort(error)) throw error;
        if (isTransient(error) && !request.harmless) {
          health.failed(host.name, backoff(1));
        }
        if (host === upstream || failure === undefined) failure = error;
      }
    }
    throw failure;
  };
}

/** The hosts that may answer a read, in the order in which they are tried. */
export function mirrorsOf(
  upstream: HostConfig,
  options: MirrorOptions,
): readonly HostConfig[] {
  const { hosts, health } = options;
  const names = new Set(upstream.mirrors ?? []);
  names.delete(upstream.name);
  const rank = (host: HostConfig) => [
    health.failingMs(host.name),
    host.priority ?? 0,
    host === upstream ? 1 : 0,
  ];
  return [...[...names].map((name) => hosts.get(name)), upstream]
    .map((host) => ({ host, rank: rank(host) }))
    .sort((a, b) =>
      a.rank.map((value, at) => value - (b.rank[at] ?? 0))
        .find((difference) => difference !== 0) ?? 0
    )
    .map(({ host }) => host);
}

function isRead(request: RegistryRequest): boolean {
  return request.repository !== undefined && request.kind !== "upload" &&
    !request.direct &&
    (request.method === "GET" || request.method === "HEAD") &&
    // An address that the registry itself gave is no mirror's.
    !/^https?:\/\//i.test(request.path);
}

function directed(
  request: RegistryRequest,
  host: HostConfig,
  upstream: HostConfig,
): RegistryRequest {
  if (host === upstream) return request;
  const join = request.path.includes("?") ? "&" : "?";
  const ns = encodeURIComponent(upstream.hostname ?? upstream.name);
  return {
    ...request,
    registry: host.name,
    // One cache for several registries tells them apart by this.
    path: host.hostname === upstream.hostname
      ? request.path
      : `${request.path}${join}ns=${ns}`,
  };
}
