import { rejects, strictEqual } from "node:assert/strict";
import { tcpProxy, type TcpProxyOptions } from "./tcp_proxy.ts";

const SIZE = 300_000;

async function withProxy(
  options: TcpProxyOptions,
  use: (proxy: ReturnType<typeof tcpProxy>) => Promise<void>,
): Promise<void> {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(new Uint8Array(SIZE)),
  );
  await using proxy = tcpProxy(`127.0.0.1:${server.addr.port}`, options);
  await use(proxy);
}

function get(proxy: { readonly host: string }, client: Deno.HttpClient) {
  return fetch(`http://${proxy.host}/`, { client }).then((answer) =>
    answer.arrayBuffer()
  );
}

Deno.test("tcpProxy() forwards and counts", async () => {
  using client = Deno.createHttpClient({});
  await withProxy({}, async (proxy) => {
    strictEqual((await get(proxy, client)).byteLength, SIZE);
    strictEqual(proxy.bytes.down > SIZE, true);
    strictEqual(proxy.connections, 1);
  });
});

Deno.test("tcpProxy() cuts after so many bytes, so many times", async () => {
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const fault = {
    way: "down",
    afterBytes: 1000,
    times: 1,
    how: "cut",
  } as const;
  await withProxy({ fault }, async (proxy) => {
    await rejects(get(proxy, client));
    strictEqual(proxy.bytes.down, 1000);
    strictEqual((await get(proxy, client)).byteLength, SIZE);
    strictEqual(proxy.faults, 1);
  });
});

Deno.test("tcpProxy() delays each way", async () => {
  using client = Deno.createHttpClient({});
  await withProxy({ delayMs: 5 }, async (proxy) => {
    const started = performance.now();
    strictEqual((await get(proxy, client)).byteLength, SIZE);
    strictEqual(performance.now() - started >= 10, true);
  });
});
