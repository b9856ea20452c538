import { rejects, strictEqual, throws } from "node:assert/strict";
import { isRegError } from "../../src/base/errors.ts";
import { Log } from "../../src/base/log.ts";
import { isSound } from "../../src/serve/deno_listener.ts";
import { MemoryStorage, serve, startServer } from "../../src/serve/mod.ts";

Deno.test("serve() listens on the loopback and says where", async () => {
  await using server = serve(new MemoryStorage());
  strictEqual(/^127\.0\.0\.1:\d+$/.test(server.address), true);
  const response = await fetch(`${server.url}/v2/`);
  strictEqual(await response.text(), "{}");
});

Deno.test("serve() tells where it cannot listen", async () => {
  await using server = serve(new MemoryStorage());
  const port = Number(server.address.split(":")[1]);
  throws(
    () => serve(new MemoryStorage(), { port }),
    (error) => isRegError(error, "network"),
  );
});

Deno.test("serve() lets requests under way finish when it stops", async () => {
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const server = serve(new MemoryStorage(), {
    wrap: (registry) => async (request) => {
      reached.resolve();
      await go.promise;
      return await registry(request);
    },
  });
  const asked = fetch(`${server.url}/v2/`);
  await reached.promise;
  const stopped = server.stop();
  // Another one is refused, or finds nobody: the stop has begun.
  const late = await fetch(`${server.url}/v2/`).then(
    async (response) => (await response.text(), response.status),
    () => 503,
  );
  strictEqual(late, 503);
  go.resolve();
  strictEqual(await (await asked).text(), "{}");
  await stopped;
  await server.finished;
  await rejects(fetch(`${server.url}/v2/`));
});

Deno.test("serve() does not wait for ever for a client that went silent", async () => {
  const reached = Promise.withResolvers<void>();
  const server = serve(new MemoryStorage(), {
    stopMs: 1,
    wrap: () => () => {
      reached.resolve();
      return new Promise(() => {});
    },
  });
  const asked = rejects(fetch(`${server.url}/v2/`));
  await reached.promise;
  await server.stop();
  await asked;
});

Deno.test("startServer() says where it cannot limit connections, if it is asked to", async () => {
  const warnings: string[] = [];
  const log = new Log(3, ({ message }) => warnings.push(message));
  for (const maxConnections of [undefined, 9]) {
    const options = { log, maxConnections };
    await using _server = await startServer(new MemoryStorage(), options);
  }
  strictEqual(warnings.length, isSound(Deno.version.deno) ? 1 : 0);
});
