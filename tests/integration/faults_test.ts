/**
 * Connections that break, stall and lie, between real registries: what a copy of
 * one 64 MiB blob moves then, counted on the wire.
 */
import { rejects, strictEqual } from "node:assert/strict";
import { Client } from "../../src/registry/mod.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { noise } from "../support/images.ts";
import { sleep } from "../../src/base/sleep.ts";
import { peer, peerTest } from "../support/peers.ts";
import { start } from "../support/process.ts";
import { type RealRegistry, startRegistry } from "../support/registries.ts";
import { blobOf } from "../support/registry_stores.ts";
import { type Fault, type TcpProxy, tcpProxy } from "../support/tcp_proxy.ts";

const MIB = 1024 * 1024;
const SIZE = 64 * MIB;
const BYTES = noise(SIZE, 64);
const BLOB = blobOf(BYTES);

/** Two real registries, each behind a proxy that counts, and a client. */
interface Setting extends AsyncDisposable {
  readonly source: TcpProxy;
  readonly target: TcpProxy;
  copy(
    options?: { readonly untouchedFrom?: number; readonly timeoutMs?: number },
  ): Promise<boolean>;
}

async function setUp(
  kind: "distribution" | "docker-registry",
  faults: { readonly source?: Fault; readonly target?: Fault } = {},
): Promise<Setting> {
  const stack = new AsyncDisposableStack();
  const from: RealRegistry = stack.use(await startRegistry("distribution"));
  const to: RealRegistry = stack.use(await startRegistry(kind));
  const source = stack.use(
    tcpProxy(from.host, faults.source ? { fault: faults.source } : {}),
  );
  const target = stack.use(
    tcpProxy(to.host, faults.target ? { fault: faults.target } : {}),
  );
  const hosts = [from, source, target].map(({ host }) => ({
    name: host,
    tls: "disabled" as const,
  }));
  {
    await using client = new Client({ hosts });
    await client.openRegistry(parseReference(`${from.host}/a`)).push(
      BLOB.node,
      BLOB.body,
    );
  }
  return {
    source,
    target,
    async copy(options = {}) {
      await using client = new Client({ ...options, firstWaitMs: 50, hosts });
      const store = client.openRegistry(parseReference(`${target.host}/b`));
      const origin = client.openRegistry(parseReference(`${source.host}/a`));
      for (const { host } of [source, target]) await client.ping(host);
      await store.transfer(BLOB.node, origin);
      return await store.exists(BLOB.node);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const shareOf = (bytes: number) => bytes / SIZE;

for (const times of [1, 3]) {
  const often = times === 1 ? "once" : "three times";

  peerTest(`a blob whose source is cut ${often} completes, and moves once`, [
    "distribution",
    "docker-registry",
  ], async () => {
    for (const kind of ["distribution", "docker-registry"] as const) {
      const fault = {
        way: "down",
        afterBytes: 13 * MIB,
        times,
        how: "cut",
      } as const;
      await using setting = await setUp(kind, { source: fault });
      strictEqual(await setting.copy(), true);
      strictEqual(setting.source.faults, times);
      strictEqual(shareOf(setting.source.bytes.down) <= 1.1, true);
      strictEqual(shareOf(setting.target.bytes.up) <= 1.1, true);
    }
  });

  peerTest(`a blob whose target is cut ${often} completes, and moves once`, [
    "distribution",
  ], async () => {
    const fault = {
      way: "up",
      afterBytes: 13 * MIB,
      times,
      how: "cut",
    } as const;
    await using setting = await setUp("distribution", { target: fault });
    strictEqual(await setting.copy(), true);
    strictEqual(setting.target.faults, times);
    strictEqual(shareOf(setting.source.bytes.down) <= 1.1, true);
    strictEqual(shareOf(setting.target.bytes.up) <= 1.1, true);
  });

  peerTest(`a blob whose target is cut ${often} and forgets it is sent anew`, [
    "distribution",
    "docker-registry",
  ], async () => {
    const fault = {
      way: "up",
      afterBytes: 13 * MIB,
      times,
      how: "cut",
    } as const;
    await using setting = await setUp("docker-registry", { target: fault });
    strictEqual(await setting.copy(), true);
    strictEqual(setting.target.faults, times);
  });
}

peerTest("a blob that breaks on the untouched way goes on from there", [
  "distribution",
], async () => {
  for (const side of ["source", "target"] as const) {
    const fault = {
      way: side === "source" ? "down" : "up",
      afterBytes: 13 * MIB,
      times: 1,
      how: "cut",
    } as const;
    await using setting = await setUp("distribution", { [side]: fault });
    strictEqual(await setting.copy({ untouchedFrom: 0 }), true);
    // What the buffers of both connections held is lost: some MiB.
    strictEqual(shareOf(setting.source.bytes.down) <= 1.3, true);
    strictEqual(shareOf(setting.target.bytes.up) <= 1.1, true);
  }
});

peerTest("a connection that stalls is given up and gone on with", [
  "distribution",
], async () => {
  for (const side of ["source", "target"] as const) {
    const fault = {
      way: side === "source" ? "down" : "up",
      afterBytes: 13 * MIB,
      times: 1,
      how: "stall",
    } as const;
    await using setting = await setUp("distribution", { [side]: fault });
    strictEqual(await setting.copy({ timeoutMs: 1000 }), true, side);
    strictEqual(setting[side].faults, 1);
    strictEqual(shareOf(setting.target.bytes.up) <= 1.1, true, side);
  }
});

/** Toxiproxy with one proxy, which closes every connection after so many bytes. */
async function toxic(
  target: string,
  stream: "upstream" | "downstream",
): Promise<{ readonly host: string } & AsyncDisposable> {
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr as Deno.NetAddr;
  probe.close();
  await using stack = new AsyncDisposableStack();
  const server = stack.use(
    start(peer("toxiproxy"), ["-host", "127.0.0.1", "-port", String(port)]),
  );
  await server.waitFor(/Starting HTTP server/);
  const post = async (path: string, body: unknown) => {
    const url = `http://127.0.0.1:${port}${path}`;
    const response = await fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
    });
    const answer: { readonly listen?: string } = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  };
  const { listen = "" } = await untilReady(() =>
    post("/proxies", { name: "x", upstream: target, listen: "127.0.0.1:0" })
  );
  await post("/proxies/x/toxics", {
    type: "limit_data",
    stream,
    attributes: { bytes: 20 * MIB },
  });
  const kept = stack.move();
  return { host: listen, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** It says that it starts a moment before it listens. */
async function untilReady<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let left = 100;; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(10);
    }
  }
}

peerTest("a blob passes where no connection carries all of it, by Toxiproxy", [
  "distribution",
  "toxiproxy",
], async () => {
  await using from = await startRegistry("distribution");
  await using to = await startRegistry("distribution");
  await using down = await toxic(from.host, "downstream");
  await using up = await toxic(to.host, "upstream");
  await using client = new Client({
    firstWaitMs: 50,
    hosts: [from, down, up].map(({ host }) => ({
      name: host,
      tls: "disabled",
    })),
  });
  const open = (host: string) =>
    client.openRegistry(parseReference(`${host}/a`));
  await open(from.host).push(BLOB.node, BLOB.body);
  strictEqual(await open(up.host).transfer(BLOB.node, open(down.host)), true);
  strictEqual(await open(up.host).exists(BLOB.node), true);
});

/** A reverse proxy that answers 502 when it has passed on so many bytes of a body. */
function badGateway(
  target: string,
  options: { readonly afterBytes: number; readonly times: number },
) {
  let left = options.times;
  let up = 0;
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
    onError: () => new Response(null, { status: 502 }),
  }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const breaks = request.method === "PUT" && left > 0;
    if (breaks) left--;
    let passed = 0;
    const body = request.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          passed += chunk.length;
          up += chunk.length;
          if (breaks && passed > options.afterBytes) {
            controller.error(new Error("broken"));
          } else controller.enqueue(chunk);
        },
      }),
    );
    const headers = new Headers(request.headers);
    headers.set("x-forwarded-host", new URL(request.url).host);
    const answer = await fetch(`http://${target}${pathname}${search}`, {
      method: request.method,
      headers,
      redirect: "manual",
      ...(body && request.method === "PUT" ? { body } : {}),
    });
    return new Response(answer.body, {
      status: answer.status,
      headers: answer.headers,
    });
  });
  return {
    host: `127.0.0.1:${server.addr.port}`,
    get up() {
      return up;
    },
    get left() {
      return left;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

peerTest(
  "a cut that shows as 502 costs no more than a cut",
  ["distribution"],
  async () => {
    for (const times of [1, 3]) {
      await using registry = await startRegistry("distribution");
      await using proxy = badGateway(registry.host, {
        afterBytes: 13 * MIB,
        times,
      });
      await using client = new Client({
        firstWaitMs: 50,
        hosts: [{ name: proxy.host, tls: "disabled" }],
      });
      const store = client.openRegistry(parseReference(`${proxy.host}/b`));
      await store.push(BLOB.node, BLOB.body);
      strictEqual(await store.exists(BLOB.node), true);
      strictEqual(proxy.left, 0);
      strictEqual(
        shareOf(proxy.up) <= 1.1,
        true,
        `${shareOf(proxy.up)} times the blob`,
      );
    }
  },
);

peerTest(
  "a source that is cut for ever ends in one message, and nothing is stored",
  ["distribution"],
  async () => {
    const fault = {
      way: "down",
      afterBytes: 1 * MIB,
      together: true,
      times: Infinity,
      how: "cut",
    } as const;
    await using setting = await setUp("distribution", { source: fault });
    await rejects(
      setting.copy(),
      (error: Error) =>
        error.message.includes("Cannot") && !error.message.includes("\n"),
    );
  },
);
