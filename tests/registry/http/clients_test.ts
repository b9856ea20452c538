import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Clients } from "../../../src/registry/http/clients.ts";
import type { HostConfig } from "../../../src/registry/http/hosts.ts";
import type { WireRequest } from "../../../src/registry/http/wire.ts";
import { onBlockedPort } from "../../support/blocked_port.ts";
import { request } from "../../support/transport.ts";

// Certificates and proxies: tests/integration/tls_test.ts, against real servers.

function serve(port: number) {
  return Deno.serve(
    { port, hostname: "127.0.0.1", onListen() {} },
    async (r) => new Response(`${r.method} ${(await r.bytes()).length}`),
  );
}

const wire = (url: string, body?: Uint8Array): WireRequest => ({
  url: new URL(url),
  method: body ? "PUT" : "GET",
  headers: new Headers(),
  body,
  signal: new AbortController().signal,
});

Deno.test("Clients reach a port that fetch blocks", async () => {
  await using server = onBlockedPort(serve);
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const host: HostConfig = { name: "h", tls: "disabled" };
  await using clients = new Clients({});
  const ask = async (body?: Uint8Array) =>
    await (await clients.send(host, request(), wire(url, body))).text();
  deepStrictEqual([await ask(), await ask(new Uint8Array(5))], [
    "GET 0",
    "PUT 5",
  ]);
});

Deno.test("Clients complete the settings of a host once", async () => {
  await using server = serve(0);
  const url = `http://127.0.0.1:${server.addr.port}/`;
  let asked = 0;
  await using clients = new Clients({
    certificates(host) {
      asked++;
      return Promise.resolve(host);
    },
  });
  for (let at = 0; at < 2; at++) {
    const host: HostConfig = { name: "h", tls: "disabled" };
    await (await clients.send(host, request(), wire(url))).text();
  }
  strictEqual(asked, 1);
});

Deno.test("Clients fail as fetch does where there is no other way", async () => {
  await using clients = new Clients({});
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const host: HostConfig = { name: "h", tls: "disabled" };
  await rejects(
    clients.send(host, request(), wire(`http://127.0.0.1:${port}/`)),
    TypeError,
  );
});
