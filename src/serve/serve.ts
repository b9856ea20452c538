/**
 * A registry on a socket.
 *
 * @module
 */
import { sleep } from "../base/sleep.ts";
import type { Handler, Peer } from "./app.ts";
import { isSound, listenWithDeno } from "./deno_listener.ts";
import type { Listener, ListenOptions } from "./listener.ts";
import { createRegistry, type RegistryOptions } from "./registry.ts";
import type { Storage } from "./storage.ts";

/** Options for {@linkcode serve}. */
export interface ServeOptions extends RegistryOptions, ListenOptions {
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
 * Serves a storage as a registry, with Deno's own server. The storage stays open when
 * the server stops: it belongs to the caller.
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
  const traffic = trafficTo(storage, options);
  const listener = listenWithDeno(
    (...sent) => traffic.handle(...sent),
    options,
  );
  return running(traffic, listener, options);
}

/**
 * Serves a storage as {@linkcode serve} does, for people: with Deno's server where
 * that holds senders back, else with `node:http`.
 *
 * @throws {RegError} `network` where it cannot listen.
 */
export async function startServer(
  storage: Storage,
  options: ServeOptions = {},
): Promise<RegistryServer> {
  const { deno } = Deno.version;
  if (isSound(deno)) {
    if (options.maxConnections !== undefined) {
      options.log?.warn("The number of connections is not limited here", {
        runtime: deno,
      });
    }
    return serve(storage, options);
  }
  const { listenWithNode } = await import("./node_listener.ts");
  const traffic = trafficTo(storage, options);
  const listener = await listenWithNode(
    (...sent) => traffic.handle(...sent),
    options,
  );
  return running(traffic, listener, options);
}

function trafficTo(storage: Storage, options: ServeOptions): Traffic {
  const { wrap = (registry) => registry } = options;
  return new Traffic(wrap(createRegistry(storage, options)));
}

function running(
  traffic: Traffic,
  listener: Listener,
  options: ServeOptions,
): RegistryServer {
  const { tls, stopMs = 30_000 } = options;
  const { address, finished } = listener;
  const shutDown = async () => {
    // After a shutdown has begun, nothing can end a connection any more.
    if (await traffic.settle(stopMs)) await listener.shutdown();
    else await listener.kill();
  };
  let stopped: Promise<void> | undefined;
  const stop = () => stopped ??= shutDown();
  return {
    address,
    url: `${tls ? "https" : "http"}://${address}`,
    finished,
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
  async handle(request: Request, peer?: Peer): Promise<Response> {
    if (this.#isClosed) return stopping();
    this.#count++;
    (peer?.completed ?? Promise.resolve()).then(() => {
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
