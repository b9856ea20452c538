/** What every listener of the embedded registry must hold. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../src/base/errors.ts";
import type { Handler, Peer } from "../../src/serve/app.ts";
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
