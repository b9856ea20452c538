/**
 * Deno's HTTP server, one connection at a time. `Deno.serve` takes every
 * connection, keeps it for ever, stops to listen when the process has too many
 * files open, and does not end while a client is in the middle of a request's
 * head. Here the connections are ours to accept and to end.
 *
 * @module
 */
import { messageOf, RegError } from "../base/errors.ts";
import { sleep } from "../base/sleep.ts";
import type { Handler } from "./app.ts";
import { Connections } from "./connections.ts";
import {
  BUSY_CONNECTION_MS,
  DEFAULT_MAX_CONNECTIONS,
  formatAddress,
  IDLE_CONNECTION_MS,
  type Listener,
  type ListenOptions,
  STOP_MS,
} from "./listener.ts";

/** What serves HTTP on a connection. */
type ServeConnection = (
  connection: Deno.Conn,
  signal: AbortSignal,
  handler: Deno.ServeHandler<Deno.NetAddr>,
  onError: (error: unknown) => Response,
  onListen: () => void,
) => Deno.HttpServer;

/** How often idle connections are looked at, and how long to wait after a failure. */
const SWEEP_MS = 5000;
const RETRY_MS = 10;

/**
 * What serves HTTP on a connection, with which Deno makes `node:http2`; it has
 * no public name, so it may go.
 */
function findServeConnection(): ServeConnection | undefined {
  const internals: unknown = Reflect.get(Deno, Reflect.get(Deno, "internal"));
  if (typeof internals !== "object" || internals === null) return undefined;
  const found: unknown = Reflect.get(internals, "serveHttpOnConnection");
  return isServeConnection(found) ? found : undefined;
}

function isServeConnection(value: unknown): value is ServeConnection {
  return typeof value === "function" && value.length === 5;
}

/** Tells whether {@linkcode listenOnConnections} works in this version of Deno. */
export function canServeConnections(): boolean {
  return findServeConnection() !== undefined;
}

/**
 * Listens, and serves each connection with Deno's HTTP server.
 *
 * @throws {RegError} `network` where it cannot, `config` where the certificate
 * or its key is at fault.
 */
export function listenOnConnections(
  handle: Handler,
  options: ListenOptions = {},
): Listener {
  const serve = findServeConnection();
  if (!serve) throw new RegError("unsupported", "Cannot serve connections");
  const socket = open(options);
  const { hostname, port } = socket.addr;
  const server = new Server(socket, { ...options, handle, serve });
  return {
    address: formatAddress(hostname, port),
    finished: server.finished,
    shutdown: () => server.shutdown(),
    kill: () => server.kill(),
  };
}

type Socket = Deno.TcpListener | Deno.TlsListener;

function open(options: ListenOptions): Socket {
  const { hostname = "127.0.0.1", port = 0, tls } = options;
  try {
    return tls
      ? Deno.listenTls({
        hostname,
        port,
        ...tls,
        alpnProtocols: ["h2", "http/1.1"],
      })
      : Deno.listen({ hostname, port });
  } catch (cause) {
    throw tls && canListen(hostname, port)
      ? new RegError(
        "config",
        `Cannot use the certificate with its key: ${messageOf(cause)}`,
        { cause },
      )
      : new RegError(
        "network",
        `Cannot listen on ${formatAddress(hostname, port)}: ${
          messageOf(cause)
        }`,
        { cause },
      );
  }
}

/** Tells a wrong address from a wrong certificate: both fail in one call. */
function canListen(hostname: string, port: number): boolean {
  try {
    Deno.listen({ hostname, port }).close();
    return true;
  } catch {
    return false;
  }
}

/** Options for {@linkcode Server}. */
interface ServerOptions extends ListenOptions {
  readonly handle: Handler;
  readonly serve: ServeConnection;
}

/** A socket and its connections. */
class Server {
  readonly #socket: Socket;
  readonly #options: ServerOptions;
  readonly #connections: Connections<HttpConnection>;
  readonly #open = new Set<HttpConnection>();
  readonly #closed = new AbortController();
  readonly #finished = Promise.withResolvers<void>();

  constructor(socket: Socket, options: ServerOptions) {
    this.#socket = socket;
    this.#options = options;
    const { maxConnections: max = DEFAULT_MAX_CONNECTIONS } = options;
    this.#connections = new Connections({
      max,
      idleMs: IDLE_CONNECTION_MS,
      busyMs: BUSY_CONNECTION_MS,
      kill: (connection) => connection.kill(),
    });
    void this.#accept();
    void this.#sweep();
  }

  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  async shutdown(): Promise<void> {
    this.#close();
    // In the middle of a request's head, only this ends them.
    this.#connections.killSilent(STOP_MS);
    await this.#end((connection) => connection.shutdown());
  }

  async kill(): Promise<void> {
    this.#close();
    this.#connections.killAll();
    await this.#end((connection) => connection.finished);
  }

  /** Waits for all connections, but not for ever. */
  async #end(wait: (one: HttpConnection) => Promise<void>): Promise<void> {
    const patience = new AbortController();
    const { signal } = patience;
    const all = Promise.all([...this.#open].map(wait));
    void all.then(() => patience.abort());
    await sleep(STOP_MS, { signal }).catch(() => {});
    this.#finished.resolve();
  }

  #close(): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.#socket.close();
  }

  async #accept(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await this.#connections.room();
      try {
        const socket = await this.#socket.accept();
        if (signal.aborted) return socket.close();
        this.#take(socket);
      } catch {
        if (signal.aborted) return;
        // No file is free, or the client is gone already: neither is the end.
        this.#connections.makeRoom();
        await sleep(RETRY_MS, { signal }).catch(() => {});
      }
    }
  }

  async #sweep(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await sleep(SWEEP_MS, { signal }).catch(() => {});
      this.#connections.sweep();
    }
  }

  #take(socket: Deno.TcpConn | Deno.TlsConn): void {
    const { handle, serve } = this.#options;
    const { hostname, port } = socket.remoteAddr;
    const remote = formatAddress(hostname, port);
    const connections = this.#connections;
    const connection = new HttpConnection((signal) =>
      serve(
        socket,
        signal,
        (request, { completed }) => {
          connections.begin(connection);
          const over = completed.catch(() => {});
          void over.then(() => connections.end(connection));
          return handle(request, { remote, completed: over });
        },
        () => new Response(null, { status: 500 }),
        () => {},
      )
    );
    connections.add(connection);
    this.#open.add(connection);
    void connection.finished.then(() => {
      this.#open.delete(connection);
      connections.remove(connection);
    });
  }
}

/** A connection that speaks HTTP. */
class HttpConnection {
  /** Settles when it has ended. */
  readonly finished: Promise<void>;
  readonly #server: Deno.HttpServer;
  readonly #end = new AbortController();
  #isOver = false;
  #killing: Promise<void> = Promise.resolve();

  constructor(serve: (signal: AbortSignal) => Deno.HttpServer) {
    this.#server = serve(this.#end.signal);
    this.finished = this.#wait();
  }

  async #wait(): Promise<void> {
    // Where the client broke it, what it holds is freed by this alone.
    await this.#server.finished.catch(() => this.#close());
    this.#isOver = true;
    await this.#killing;
  }

  /** Ends it when what it answers is sent. */
  async shutdown(): Promise<void> {
    await this.#close();
    await this.finished;
  }

  async #close(): Promise<void> {
    if (this.#isOver || this.#end.signal.aborted) return;
    // From now on, the signal would throw.
    this.#isOver = true;
    await this.#server.shutdown().catch(() => {});
  }

  /** Ends it at once. */
  kill(): void {
    // Not now: it may have ended in this very turn, and then the signal throws
    // where nobody can catch it.
    this.#killing = sleep(1).then(() => {
      if (!this.#isOver) this.#end.abort();
    });
  }
}
