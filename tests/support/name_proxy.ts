/** A proxy that leads the names of registries to servers on the loopback. */

/** A running proxy. */
export interface NameProxy extends AsyncDisposable {
  /** What `HTTPS_PROXY` is set to. */
  readonly url: string;
  /** The names that were asked for, as they came; what is unknown too. */
  readonly asked: readonly string[];
}

/**
 * Starts a proxy for `CONNECT`.
 *
 * @param route Gives the address for a name, without its port 443.
 */
export function startNameProxy(
  route: (name: string) => string | undefined,
): NameProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked: string[] = [];
  const open = new Set<Deno.Conn>();
  const connect = async (client: Deno.Conn) => {
    const head = await readHead(client);
    const [, name = ""] = /^CONNECT ([^ ]+?)(?::443)? /.exec(head) ?? [];
    asked.push(name);
    const address = route(name);
    const answer = address === undefined
      ? "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"
      : "HTTP/1.1 200 Connection established\r\n\r\n";
    if (address === undefined) {
      await client.write(new TextEncoder().encode(answer));
      return client.close();
    }
    const [hostname = "", port = ""] = address.split(":");
    const server = await Deno.connect({ hostname, port: Number(port) });
    open.add(server);
    await client.write(new TextEncoder().encode(answer));
    await Promise.allSettled([
      client.readable.pipeTo(server.writable),
      server.readable.pipeTo(client.writable),
    ]);
    open.delete(server);
  };
  const work = new Set<Promise<void>>();
  const serving = (async () => {
    for await (const conn of listener) {
      open.add(conn);
      const one = connect(conn).catch(() => {}) // a client that went away
        .finally(() => {
          open.delete(conn);
          work.delete(one);
        });
      work.add(one);
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
      for (const conn of open) {
        try {
          conn.close();
        } catch {
          // closed by its stream
        }
      }
      await Promise.all(work);
    },
  };
}

/** Reads the head of a request, and not a byte of what follows. */
export async function readHead(conn: Deno.Conn): Promise<string> {
  let head = "";
  const buffer = new Uint8Array(1);
  while (!head.endsWith("\r\n\r\n") && await conn.read(buffer) !== null) {
    head += String.fromCharCode(...buffer);
  }
  return head;
}
