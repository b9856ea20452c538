/**
 * A registry on a socket.
 *
 * @module
 */
import { messageOf, RegError } from "../base/errors.ts";
import { sleep } from "../base/sleep.ts";
import type { Handler, Peer } from "./app.ts";
import { createRegistry, type RegistryOptions } from "./registry.ts";
import type { Storage } from "./storage.ts";

/** A certificate and its key, both PEM. */
export interface ServerTls {
  /** The certificate, with its chain. */
  readonly cert: string;
  /** The private key. */
  readonly key: string;
}

/** Options for {@linkcode serve}. */
export interface ServeOptions extends RegistryOptions {
  /** Where to listen. @default {"127.0.0.1"} */
  readonly hostname?: string | undefined;
  /** The port; 0 takes a free one. @default {0} */
  readonly port?: number | undefined;
  /** Serves https with it. */
  readonly tls?: ServerTls | undefined;
  /** How long a stop waits for requests under way, in milliseconds. @default {30_000} */
  readonly stopMs?: number | undefined;
  /** Puts something between the socket and the registry. */
  readonly wrap?: ((registry: Handler) => Handler) | undefined;
}

/** A registry that listens. Disposing it stops it. */
export interface RegistryServer extends AsyncDisposable {
  /** Where it listens, such as `127.0.0.1:5000`: the registry's name in references. */
  readonly address: string;
  /** The same as a URL without a path, such as `http://127.0.0.1:5000`. */
  readonly url: string;
  /** Settles when it has stopped. */
  readonly finished: Promise<void>;
  /** Takes no more connections and lets requests under way finish. */
  stop(): Promise<void>;
}

/**
 * Serves a storage as a registry. The storage stays open when the server stops:
 * it belongs to the caller.
 *
 * @throws {RegError} `network` where it cannot listen.
 *
 * @example
 * ```ts ignore
 * await using storage = new MemoryStorage();
 * await using server = serve(storage, { port: 5000 });
 * ```
 */
export function serve(
  storage: Storage,
  options: ServeOptions = {},
): RegistryServer {
  const { tls, stopMs = 30_000, wrap = (registry) => registry } = options;
  const kill = new AbortController();
  const traffic = new Traffic(wrap(createRegistry(storage, options)));
  const server = listen(traffic, options, kill.signal);
  const address = formatAddress(server.addr);
  const shutDown = async () => {
    // After a shutdown has begun, nothing can end a connection any more.
    if (await traffic.settle(stopMs)) await server.shutdown();
    else kill.abort();
    await server.finished;
  };
  let stopped: Promise<void> | undefined;
  const stop = () => stopped ??= shutDown();
  return {
    address,
    url: `${tls ? "https" : "http"}://${address}`,
    finished: server.finished,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The requests under way. */
class Traffic {
  readonly #handle: Handler;
  readonly #idle = new AbortController();
  #count = 0;
  #isClosed = false;

  constructor(handle: Handler) {
    this.#handle = handle;
  }

  /** Answers a request, and counts it until its answer is sent. */
  async handle(
    request: Request,
    peer: Peer,
  ): Promise<Response> {
    if (this.#isClosed) return stopping();
    this.#count++;
    peer.completed.catch(() => {}).finally(() => {
      this.#count--;
      this.#rest();
    });
    return await this.#handle(request, peer);
  }

  /**
   * Refuses new requests and waits for the others.
   *
   * @returns Whether all were done in time: a client that went silent would
   * hold us up for ever.
   */
  async settle(ms: number): Promise<boolean> {
    this.#isClosed = true;
    this.#rest();
    await sleep(ms, { signal: this.#idle.signal }).catch(() => {});
    return this.#count === 0;
  }

  #rest(): void {
    if (this.#isClosed && this.#count === 0) this.#idle.abort();
  }
}

function stopping(): Response {
  return new Response(null, {
    status: 503,
    headers: { connection: "close", "retry-after": "1" },
  });
}

function listen(
  traffic: Traffic,
  options: ServeOptions,
  signal: AbortSignal,
): Deno.HttpServer<Deno.NetAddr> {
  const { hostname = "127.0.0.1", port = 0, tls } = options;
  try {
    return Deno.serve(
      { hostname, port, signal, onListen: () => {}, ...tls },
      (request, { completed, remoteAddr }) =>
        traffic.handle(request, {
          completed,
          remote: formatAddress(remoteAddr),
        }),
    );
  } catch (cause) {
    throw new RegError(
      "network",
      `Cannot listen on ${hostname}:${port}: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function formatAddress({ hostname, port }: Deno.NetAddr): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
