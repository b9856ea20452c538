/**
 * The HTTP server of `node:http`.
 *
 * @module
 */
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { getRequestListener } from "@hono/node-server";
import { messageOf, RegError } from "../base/errors.ts";
import type { Handler } from "./app.ts";
import {
  formatAddress,
  type Listener,
  type ListenOptions,
} from "./listener.ts";

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
  const answer = getRequestListener(
    (request, { incoming, outgoing }) => {
      const { remoteAddress = "", remotePort = 0 } = incoming.socket;
      const remote = formatAddress(remoteAddress, remotePort);
      return handle(request, { remote, completed: completionOf(outgoing) });
    },
    // What this process uses stays the platform's.
    { overrideGlobalObjects: false },
  );
  const server = tls ? createTlsServer(tls, answer) : createServer(answer);
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
  const shutdown = async () => {
    server.close();
    server.closeIdleConnections();
    await finished.promise;
  };
  return {
    address: formatAddress(bound.address, bound.port),
    finished: finished.promise,
    shutdown,
    kill: async () => {
      server.close();
      server.closeAllConnections();
      await finished.promise;
    },
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
