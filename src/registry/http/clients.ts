/**
 * The clients of all hosts, and which of them a request takes.
 *
 * @module
 */
import type { RegistryRequest } from "../core.ts";
import { fetchClient } from "./fetch_client.ts";
import type { HostConfig } from "./hosts.ts";
import { proxyFor, type ProxySettings } from "./no_proxy.ts";
import type { Trust } from "./undici_client.ts";
import type { WireClient, WireRequest } from "./wire.ts";

/** Options for {@linkcode Clients}. */
export interface ClientsOptions {
  /** The proxies; none where left out. */
  readonly proxy?: ProxySettings | undefined;
  /** Completes the settings of a host with what lies on disk, once a host. */
  readonly certificates?:
    | ((host: HostConfig) => Promise<HostConfig>)
    | undefined;
}

/** The clients of all hosts, made when they are first needed. */
export class Clients implements AsyncDisposable {
  readonly #options: ClientsOptions;
  readonly #hosts = new Map<string, Promise<HostConfig>>();
  readonly #clients = new Map<string, WireClient>();
  /** Where fetch cannot go, and what is trusted there. */
  readonly #detours = new Map<string, Trust>();

  /** Makes none yet. */
  constructor(options: ClientsOptions) {
    this.#options = options;
  }

  /** Sends a request; any status is an answer. */
  async send(
    configured: HostConfig,
    request: RegistryRequest,
    wire: WireRequest,
  ): Promise<Response> {
    const host = await this.#complete(configured);
    const proxy = proxyFor(wire.url, this.#options.proxy ?? {});
    // Blobs take connections of their own: one HTTP/2 connection would make all
    // of them share a single window.
    const blobs = request.kind === "blob" || request.kind === "upload";
    const place = `${host.name} ${wire.url.origin}`;
    for (;;) {
      const trust = host.tls === "insecure" ? "none" : this.#detours.get(place);
      const client = trust === undefined
        ? this.#fetch(host, { proxy, blobs })
        : await this.#undici(host, { proxy, trust });
      try {
        return await client.send(wire);
      } catch (error) {
        const next = detourAfter(error, host);
        if (next === undefined || trust === "none" || next === trust) {
          throw error;
        }
        // It failed before any byte of the request was sent.
        this.#detours.set(place, next);
      }
    }
  }

  #complete(host: HostConfig): Promise<HostConfig> {
    const known = this.#hosts.get(host.name);
    if (known) return known;
    const { certificates = (host) => Promise.resolve(host) } = this.#options;
    const complete = certificates(host);
    this.#hosts.set(host.name, complete);
    return complete;
  }

  #fetch(
    host: HostConfig,
    options: { readonly proxy: string | undefined; readonly blobs: boolean },
  ): WireClient {
    const key = JSON.stringify(["fetch", host.name, options]);
    return this.#kept(key, () => fetchClient(host, options));
  }

  async #undici(
    host: HostConfig,
    options: { readonly proxy: string | undefined; readonly trust: Trust },
  ): Promise<WireClient> {
    const { undiciClient } = await import("./undici_client.ts");
    const key = JSON.stringify(["undici", host.name, options]);
    return this.#kept(key, () => undiciClient(host, options));
  }

  #kept(key: string, make: () => WireClient): WireClient {
    const known = this.#clients.get(key);
    if (known) return known;
    const made = make();
    this.#clients.set(key, made);
    return made;
  }

  /** Closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }
}

/** What to trust on the other way, where that leads on; undefined where it does not. */
function detourAfter(error: unknown, host: HostConfig): Trust | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    // A certificate that is its own issuer, as `openssl req -x509` makes it:
    // rustls refuses such a one in every case.
    if (host.regcert && at.message.includes("CaUsedAsEndEntity")) {
      return "pinned";
    }
    // Since Deno 2.7, by the list that keeps browsers from talking to other
    // services: https://fetch.spec.whatwg.org/#port-blocking
    if (/Requests to port \d+ are blocked/.test(at.message)) return "roots";
  }
  return undefined;
}
