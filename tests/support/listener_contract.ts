/** What every listener of the embedded registry must hold. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../src/base/errors.ts";
import type { Handler, Peer } from "../../src/serve/app.ts";
import { listenWithDeno } from "../../src/serve/deno_listener.ts";
import type { Listener, ListenOptions } from "../../src/serve/listener.ts";
import { noise } from "./images.ts";

type Listen = (
  handle: Handler,
  options?: ListenOptions,
) => Listener | Promise<Listener>;

const hello: Handler = () => Promise.resolve(new Response("hello"));

/** Registers the tests of a kind of listener. */
export function testListener(
  kind: string,
  listen: Listen,
  ignore: boolean = false,
): void {
  const test = (name: string, fn: () => Promise<void>) =>
    Deno.test({ name: `${kind} ${name}`, ignore, fn });

  if (listen !== listenWithDeno) testConnections(test, listen);

  test("answers on the loopback, until it is shut down", async () => {
    const listener = await listen(hello);
    const url = `http://${listener.address}/`;
    strictEqual(/^127\.0\.0\.1:\d+$/.test(listener.address), true);
    strictEqual(await (await fetch(url)).text(), "hello");
    await listener.shutdown();
    await listener.finished;
    await rejects(fetch(url));
  });

  test("says where it cannot listen", async () => {
    const listener = await listen(hello);
    const port = Number(listener.address.split(":")[1]);
    await rejects(
      async () => await listen(hello, { port }),
      (error) =>
        isRegError(error, "network") && error.message.includes(`${port}`),
    );
    await listener.kill();
  });

  test("hands on bodies and headers, both ways", async () => {
    const listener = await listen(async (request) =>
      new Response(await request.bytes(), {
        status: 202,
        headers: {
          "x-method": request.method,
          "x-range": request.headers.get("content-range") ?? "",
        },
      })
    );
    const bytes = noise(300_000, 1);
    for (const body of [bytes, ReadableStream.from([bytes.slice()])]) {
      const answer = await fetch(`http://${listener.address}/`, {
        method: "PATCH",
        headers: { "content-range": "0-9" },
        body,
      });
      strictEqual(answer.status, 202);
      strictEqual(answer.headers.get("x-method"), "PATCH");
      strictEqual(answer.headers.get("x-range"), "0-9");
      deepStrictEqual(await answer.bytes(), bytes);
    }
    await listener.shutdown();
  });

  test("sends the length that it is told to, without a body too", async () => {
    const headers = { "content-length": "12345" };
    const listener = await listen(() =>
      Promise.resolve(new Response(null, { headers }))
    );
    const url = `http://${listener.address}/`;
    const { headers: got } = await fetch(url, { method: "HEAD" });
    strictEqual(got.get("content-length"), "12345");
    await listener.shutdown();
  });

  test("tells who asks, and when the answer is sent", async () => {
    const peers: Peer[] = [];
    const listener = await listen((_request, peer) => {
      if (peer) peers.push(peer);
      return Promise.resolve(new Response("hello"));
    });
    await (await fetch(`http://${listener.address}/`)).text();
    strictEqual(/^127\.0\.0\.1:\d+$/.test(peers[0]?.remote ?? ""), true);
    await peers[0]?.completed;
    await listener.shutdown();
  });

  test("lets go of an answer that nobody takes", async () => {
    const asked = Promise.withResolvers<Peer | undefined>();
    const cancelled = Promise.withResolvers<void>();
    const listener = await listen((_request, peer) => {
      asked.resolve(peer);
      return Promise.resolve(
        new Response(
          new ReadableStream({
            pull: (controller) => controller.enqueue(new Uint8Array(65536)),
            cancel: () => cancelled.resolve(),
          }),
        ),
      );
    });
    const answer = await fetch(`http://${listener.address}/`);
    const peer = await asked.promise;
    await answer.body?.cancel();
    await cancelled.promise;
    await peer?.completed;
    await listener.kill();
  });

  test("ends at once when it must", async () => {
    const reached = Promise.withResolvers<void>();
    const listener = await listen(() => {
      reached.resolve();
      return new Promise(() => {});
    });
    const broken = rejects(fetch(`http://${listener.address}/`));
    await reached.promise;
    await listener.kill();
    await broken;
  });
}

/** What `Deno.serve` does not hold. */
function testConnections(
  test: (name: string, fn: () => Promise<void>) => void,
  listen: Listen,
): void {
  test("does not wait for requests that never begin, or never end", async () => {
    const listener = await listen(hello);
    await (await fetch(`http://${listener.address}/`)).text();
    using silent = await connect(listener);
    using half = await connect(listener, HALF);
    await listener.shutdown();
    await listener.finished;
    strictEqual(await isEnded(silent), true);
    strictEqual(await isEnded(half), true);
  });

  test("takes new clients in the place of those that ask nothing", async () => {
    const listener = await listen(hello, { maxConnections: 2 });
    using first = await connect(listener, HALF);
    using second = await connect(listener);
    // Not `fetch`: the ends of its connections are not ours to see.
    for (let at = 0; at < 3; at++) {
      using client = await connect(listener, `${HALF}: a\r\n\r\n`);
      strictEqual(await readSome(client), "HTTP/1.1 200 OK");
    }
    strictEqual(await isEnded(first), true);
    strictEqual(await isEnded(second), true);
    await listener.kill();
  });
}

/** A request whose head is not at its end. */
const HALF = "GET / HTTP/1.1\r\nHost: x\r\nX-Half";

async function readSome(client: Deno.TcpConn): Promise<string> {
  const bytes = new Uint8Array(4096);
  const size = await client.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, size)).split("\r\n")[0] ??
    "";
}

/** Waits for the end of a connection on which nothing was asked. */
async function isEnded(client: Deno.TcpConn): Promise<boolean> {
  return await client.read(new Uint8Array(1)).catch(() => null) === null;
}

/** A client of its own kind. */
async function connect(
  { address }: Listener,
  text: string = "",
): Promise<Deno.TcpConn> {
  const [hostname = "", port = ""] = address.split(":");
  const client = await Deno.connect({ hostname, port: Number(port) });
  await client.write(new TextEncoder().encode(text));
  return client;
}
