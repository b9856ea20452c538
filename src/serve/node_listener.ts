/**
 * The HTTP server of `node:http`.
 *
 * @module
 */
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { createServer as createTlsServer } from "node:https";
import { getRequestListener } from "@hono/node-server";
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

/** How many connections there may be while the ones that make room are closed. */
const SPARE = 16;

/**
 * Listens with `node:http`.
 *
 * @throws {RegError} `network` where it cannot.
 */
export async function listenWithNode(
  handle: Handler,
  options: ListenOptions = {},
): Promise<Listener> {
  const { hostname = "127.0.0.1", port = 0, tls } = options;
  const { maxConnections: max = DEFAULT_MAX_CONNECTIONS } = options;
  const connections = new Connections<Socket>({
    busyMs: BUSY_CONNECTION_MS,
    kill: (socket) => void socket.destroy(),
  });
  const answer = getRequestListener(
    (request, { incoming, outgoing }) => {
      const { socket } = incoming;
      const { remoteAddress = "", remotePort = 0 } = socket;
      const remote = formatAddress(remoteAddress, remotePort);
      const completed = completionOf(outgoing);
      connections.begin(socket);
      void completed.then(() => connections.end(socket));
      return handle(request, { remote, completed });
    },
    // What this process uses stays the platform's.
    { overrideGlobalObjects: false },
  );
  const server = tls ? createTlsServer(tls, answer) : createServer(answer);
  server.on(tls ? "secureConnection" : "connection", (socket: Socket) => {
    connections.add(socket);
    socket.on("close", () => connections.remove(socket));
    if (connections.size > max) connections.makeRoom();
  });
  // Where none is idle, and before a handshake is through: the others are closed
  // at once, for this server ends for good when no file is free.
  server.maxConnections = max + SPARE;
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
  // A blob takes as long as it takes: bodies have a limit on silence instead.
  server.requestTimeout = 0;
  const finished = Promise.withResolvers<void>();
  server.on("close", finished.resolve);
  const listening = Promise.withResolvers<void>();
  server.on("listening", listening.resolve);
  server.on("error", listening.reject);
  try {
    server.listen(port, hostname);
    await listening.promise;
  } catch (cause) {
    throw new RegError(
      "network",
      `Cannot listen on ${formatAddress(hostname, port)}: ${messageOf(cause)}`,
      { cause },
    );
  }
  const bound = server.address();
  if (bound === null || typeof bound === "string") {
    throw new RegError("internal", "The server has no address");
  }
  const kill = async () => {
    server.close();
    server.closeAllConnections();
    await finished.promise;
  };
  const shutdown = async () => {
    const patience = new AbortController();
    void finished.promise.then(() => patience.abort());
    server.close();
    server.closeIdleConnections();
    await sleep(STOP_MS, { signal: patience.signal }).then(kill, () => {});
  };
  return {
    address: formatAddress(bound.address, bound.port),
    finished: finished.promise,
    shutdown,
    kill,
  };
}

/** What there is of an answer in both versions of HTTP. */
interface Outgoing {
  on(event: "close", listener: () => void): unknown;
}

/** Settles when an answer is over. */
function completionOf(outgoing: Outgoing): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  outgoing.on("close", resolve);
  return promise;
}
