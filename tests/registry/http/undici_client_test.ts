import { strictEqual } from "node:assert/strict";
import { fromBytes } from "../../../src/base/streams.ts";
import { undiciClient } from "../../../src/registry/http/undici_client.ts";

// Certificates and proxies: tests/integration/tls_test.ts, against real servers.

Deno.test("undiciClient() sends bodies with their length and streams answers", async () => {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (r) => {
      const length = r.headers.get("content-length");
      const size = (await r.bytes()).length;
      return new Response(r.method === "HEAD" ? null : `${length} ${size}`, {
        status: r.method === "DELETE" ? 202 : 200,
      });
    },
  );
  const url = new URL(`http://127.0.0.1:${server.addr.port}/x?y`);
  {
    await using client = undiciClient({ name: "h", tls: "insecure" }, {
      proxy: undefined,
      trust: "none",
    });
    const signal = new AbortController().signal;
    const ask = (
      method: string,
      body: Parameters<typeof client.send>[0]["body"],
    ) => client.send({ url, method, headers: new Headers(), body, signal });
    const stream = fromBytes(new Uint8Array(2), new Uint8Array(3));
    strictEqual(
      await (await ask("PUT", { stream, size: 5, untouched: false })).text(),
      "5 5",
    );
    strictEqual(await (await ask("PUT", new Uint8Array(7))).text(), "7 7");
    strictEqual((await ask("HEAD", undefined)).body, null);
    const dropped = await ask("GET", undefined);
    await dropped.body?.cancel();
  }
  await server.shutdown();
});
