/** A proxy on loopback between two programs: it counts, delays and cuts. */

/** Where {@linkcode tcpProxy} breaks things; sizes count bytes of one direction. */
export interface Fault {
  /** Which way: `down` is from the server to the client. */
  readonly way: "up" | "down";
  /** After how many bytes of a connection; those before it still go through. */
  readonly afterBytes: number;
  /** Counts the bytes of all connections together. @default {false} */
  readonly together?: boolean;
  /** How many connections it happens to. */
  readonly times: number;
  /** Close both ends, or let nothing more through. */
  readonly how: "cut" | "stall";
}

/** Options for {@linkcode tcpProxy}. */
export interface TcpProxyOptions {
  /** Milliseconds that each way takes: half of the round trip. @default {0} */
  readonly delayMs?: number;
  /** What breaks. */
  readonly fault?: Fault;
}

/** A proxy that runs. */
export interface TcpProxy extends AsyncDisposable {
  /** Its address: `127.0.0.1:40123`. */
  readonly host: string;
  /** Bytes that went through, all connections together. */
  readonly bytes: { readonly up: number; readonly down: number };
  /** How many connections there were. */
  readonly connections: number;
  /** How often the fault happened. */
  readonly faults: number;
  /** Settles when the fault happens for the first time. */
  readonly faulted: Promise<void>;
}

/** Starts a proxy to `target` (`host:port`). */
export function tcpProxy(
  target: string,
  options: TcpProxyOptions = {},
): TcpProxy {
  const { delayMs = 0, fault } = options;
  const [hostname = "", port = ""] = target.split(":");
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const bytes = { up: 0, down: 0 };
  const open = new Set<Deno.Conn>();
  let connections = 0;
  let faults = 0;
  const first = Promise.withResolvers<void>();

  const close = (...conns: Deno.Conn[]) => {
    for (const conn of conns) {
      if (!open.delete(conn)) continue;
      try {
        conn.close();
      } catch {
        // It closed by itself when its stream ended.
      }
    }
  };

  async function forward(way: "up" | "down", from: Deno.Conn, to: Deno.Conn) {
    let passed = 0;
    let last: Promise<unknown> = Promise.resolve();
    const buffer = new Uint8Array(64 * 1024);
    for (;;) {
      const size = await from.read(buffer);
      if (size === null) break;
      // A delayed piece is sent when the buffer holds the next one.
      const chunk = delayMs === 0
        ? buffer.subarray(0, size)
        : buffer.slice(0, size);
      let piece = chunk;
      const rest = fault?.way === way && faults < fault.times
        ? Math.max(0, fault.afterBytes - (fault.together ? bytes[way] : passed))
        : Infinity;
      const breaks = chunk.length >= rest;
      if (breaks) {
        faults++;
        first.resolve();
        piece = chunk.subarray(0, rest);
      }
      passed += piece.length;
      bytes[way] += piece.length;
      if (delayMs === 0) await writeAll(to, piece);
      else {last = Promise.all([last, later(delayMs)]).then(() =>
          writeAll(to, piece)
        );}
      if (!breaks) continue;
      await last;
      if (fault?.how === "cut") close(from, to);
      else await new Promise(() => {});
    }
    await last;
    if (open.has(to)) await to.closeWrite();
  }

  const serve = (async () => {
    for await (const client of listener) {
      connections++;
      open.add(client);
      Deno.connect({ hostname, port: Number(port) }).then(async (server) => {
        open.add(server);
        // A broken connection is what this proxy is for: both ends close.
        await Promise.all([
          forward("up", client, server),
          forward("down", server, client),
        ]).catch(() => {}).finally(() => close(client, server));
      }, () => close(client));
    }
  })();

  return {
    host: `127.0.0.1:${listener.addr.port}`,
    bytes,
    faulted: first.promise,
    get connections() {
      return connections;
    },
    get faults() {
      return faults;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      close(...open);
      await serve;
    },
  };
}

async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(bytes.subarray(at));
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
