/**
 * Deno's own HTTP server.
 *
 * @module
 */
import { messageOf, RegError } from "../base/errors.ts";
import { sleep } from "../base/sleep.ts";
import type { Handler } from "./app.ts";
import {
  formatAddress,
  type Listener,
  type ListenOptions,
  STOP_MS,
} from "./listener.ts";

/**
 * The first version whose server for HTTP/1.1 is Deno's own instead of hyper.
 * That one takes in all that a client sends in chunks, however slowly it is
 * read, and copies what waits for each piece that is: 64 MB in chunks of 16 KB
 * take 13 seconds and as much memory. Last seen in 2.9.6.
 *
 * See {@link https://github.com/denoland/deno/pull/34446}.
 */
const FIRST_UNSOUND: readonly number[] = [2, 8, 3];

/** Tells whether the server of a version of Deno holds senders back. */
export function isSound(version: string): boolean {
  const parts = version.split(/[.+-]/).map(Number);
  for (const [at, wanted] of FIRST_UNSOUND.entries()) {
    const part = parts[at] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

/**
 * Listens with `Deno.serve`, which has no limit on connections.
 *
 * @throws {RegError} `network` where it cannot, `config` where the certificate
 * or its key is at fault.
 */
export function listenWithDeno(
  handle: Handler,
  options: ListenOptions = {},
): Listener {
  const { hostname = "127.0.0.1", port = 0, tls } = options;
  const end = new AbortController();
  const server = start();
  return {
    address: formatAddress(server.addr.hostname, server.addr.port),
    finished: server.finished,
    async shutdown() {
      const patience = new AbortController();
      void server.shutdown().finally(() => patience.abort());
      // It would wait for ever for a client in the middle of a request's head.
      await sleep(STOP_MS, patience).catch(() => {});
    },
    kill: () => {
      end.abort();
      return server.finished;
    },
  };

  function start(): Deno.HttpServer<Deno.NetAddr> {
    try {
      return Deno.serve(
        { hostname, port, signal: end.signal, onListen: () => {}, ...tls },
        (request, { completed, remoteAddr }) =>
          handle(request, {
            completed: completed.catch(() => {}),
            remote: formatAddress(remoteAddr.hostname, remoteAddr.port),
          }),
      );
    } catch (cause) {
      if (tls && canListen(hostname, port)) {
        throw new RegError(
          "config",
          `Cannot use the certificate with its key: ${messageOf(cause)}`,
          { cause },
        );
      }
      throw new RegError(
        "network",
        `Cannot listen on ${formatAddress(hostname, port)}: ${
          messageOf(cause)
        }`,
        { cause },
      );
    }
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
