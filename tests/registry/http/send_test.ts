import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { fromBytes } from "../../../src/base/streams.ts";
import { RegError } from "../../../src/base/errors.ts";
import type { RequestBody } from "../../../src/registry/core.ts";
import type { HostConfig } from "../../../src/registry/http/hosts.ts";
import { createSend } from "../../../src/registry/http/send.ts";
import { hosts, request } from "../../support/transport.ts";

/** A server that says what it got. */
function echo(handler?: (r: Request) => Response | Promise<Response>) {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    handler ?? (async (r) => {
      const { length } = await r.bytes();
      return Response.json({
        length,
        "content-length": r.headers.get("content-length"),
        "user-agent": r.headers.get("user-agent"),
        "accept-encoding": r.headers.get("accept-encoding"),
      });
    }),
  );
  const name = `127.0.0.1:${server.addr.port}`;
  return { name, [Symbol.asyncDispose]: () => server.shutdown() };
}

function sender(
  name: string,
  host: Partial<HostConfig> = {},
  timeoutMs?: number,
) {
  return createSend({
    hosts: hosts({ name, tls: "disabled", ...host }),
    userAgent: "me",
    timeoutMs,
  });
}

const put = (registry: string, body: RequestBody) =>
  request({ registry, kind: "upload", method: "PUT", path: "x", body });

Deno.test("send() sends every kind of body with its length", async () => {
  await using server = echo();
  await using send = sender(server.name);
  const other = await send.transport(put(server.name, new Uint8Array(1000)));
  const rawSize = Number(other.headers.get("content-length"));
  const bodies: readonly [RequestBody, number][] = [
    [new Uint8Array(1000), 1000],
    [new Uint8Array(0), 0],
    [{
      size: 5,
      open: () =>
        Promise.resolve(fromBytes(new Uint8Array(2), new Uint8Array(3))),
    }, 5],
    [{
      size: rawSize,
      untouched: true,
      open: () => Promise.resolve(other.body ?? fromBytes()),
    }, rawSize],
  ];
  for (const [body, size] of bodies) {
    const response = await send.transport(put(server.name, body));
    deepStrictEqual(await response.json(), {
      length: size,
      "content-length": String(size),
      "user-agent": "me",
      "accept-encoding": "identity",
    });
  }
});

Deno.test("send() gives redirects and failures as they are", async () => {
  await using server = echo(() =>
    new Response("", { status: 307, headers: { location: "/x" } })
  );
  await using send = sender(server.name);
  const response = await send.transport(request({ registry: server.name }));
  strictEqual(response.status, 307);
  await response.body?.cancel();
});

Deno.test("send() passes on why a body broke", async () => {
  await using server = echo();
  await using send = sender(server.name);
  const reason = new RegError("mismatch", "wrong bytes");
  const open = () =>
    Promise.resolve(
      new ReadableStream<Uint8Array>({ pull: () => Promise.reject(reason) }),
    );
  await rejects(
    send.transport(put(server.name, { size: 5, open })),
    (error) => error === reason,
  );
});

Deno.test("send() names the host it cannot reach, and not the query", async () => {
  await using send = sender("127.0.0.1:1");
  await rejects(
    send.transport(request({ registry: "127.0.0.1:1", path: "x?sig=SECRET" })),
    (error: RegError) =>
      error.code === "network" &&
      error.message.startsWith('Cannot reach "http://127.0.0.1:1": ') &&
      !error.message.includes("SECRET"),
  );
});

Deno.test("send() says that a server speaks http", async () => {
  await using server = echo();
  await using send = sender(server.name, { tls: "enabled" });
  await rejects(
    send.transport(request({ registry: server.name })),
    /server gave HTTP response to HTTPS client/,
  );
});

Deno.test("send() gives up on a silent server, and on an abort", async () => {
  const gate = Promise.withResolvers<void>();
  await using server = echo(async () => {
    await gate.promise;
    return new Response();
  });
  await using send = sender(server.name, {}, 20);
  await rejects(send.transport(request({ registry: server.name })), {
    code: "timeout",
  });
  const signal = AbortSignal.abort(new Error("stop"));
  await rejects(
    send.transport(request({ registry: server.name, signal })),
    /stop/,
  );
  gate.resolve();
});

Deno.test("send() refuses certificates that are none", async () => {
  for (
    const host of [{ regcert: "no PEM" }, { clientCert: "x", clientKey: "y" }]
  ) {
    await using send = sender("127.0.0.1:1", host);
    await rejects(send.transport(request({ registry: "127.0.0.1:1" })), {
      code: "config",
    });
  }
});
