import { rejects, strictEqual } from "node:assert/strict";
import { can } from "../../src/registry/core.ts";
import { Client } from "../../src/registry/open.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { artifact } from "../support/images.ts";
import { putGraph, setUp } from "../support/registry_stores.ts";
import { tempDir } from "../support/temp.ts";

Deno.test("Client opens registries and layouts by scheme, and says what it cannot open", async () => {
  await using client = new Client();
  await using registry = await client.open(parseReference("r.example/a/b:v1"));
  strictEqual(registry.name, "r.example/a/b");
  strictEqual(can(registry, "mount"), true);
  await using dir = await tempDir();
  await using layout = await client.open(
    parseReference(`ocidir://${dir.path}/x`),
  );
  strictEqual(layout.name, `ocidir://${dir.path}/x`);
  await rejects(client.open(parseReference("ocifile://x")), {
    code: "unsupported",
  });
});

Deno.test("Client pings a registry, and says which one does not answer", async () => {
  await using setting = setUp();
  const headers = await setting.client.ping(setting.registry.address);
  strictEqual(headers.has("date"), true);
  setting.registry.faults.push({ status: 404 });
  await rejects(
    setting.client.ping(setting.registry.address),
    (error: Error) =>
      error.message ===
        `Cannot ping "${setting.registry.address}": not found [http 404]`,
  );
});

Deno.test("Client shares tokens, also one that wears out half-way, among its stores", async () => {
  await using setting = setUp({ token: { uses: 3 } });
  await putGraph(setting.open(), artifact(), "v1");
  for (let i = 0; i < 4; i++) await setting.open().resolve("v1");
  strictEqual(setting.registry.tokens.issued > 2, true);
});

Deno.test("Client fails over to the registry when its mirror is down, and reads from one that is up", async () => {
  await using upstream = setUp();
  await using mirror = setUp();
  await using client = new Client({
    firstWaitMs: 1,
    hosts: [
      {
        name: upstream.registry.address,
        tls: "disabled",
        mirrors: ["127.0.0.1:1", mirror.registry.address],
      },
      { name: "127.0.0.1:1", tls: "disabled" },
      { name: mirror.registry.address, tls: "disabled" },
    ],
  });
  const store = client.openRegistry(
    parseReference(`${upstream.registry.address}/a`),
  );
  await rejects(store.resolve("v1"), { code: "not_found" });
  strictEqual(mirror.registry.take().length, 1);
  strictEqual(upstream.registry.take().length, 1);
});

Deno.test("Client obeys reqConcurrent as one limit", async () => {
  let running = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  await using setting = setUp({
    faults: [{
      wait: async () => {
        most = Math.max(most, ++running);
        if (running === 2) gate.resolve();
        await gate.promise;
        running--;
      },
    }],
  }, { hosts: [{ name: "", reqConcurrent: 2 }] });
  await Promise.all(
    Array.from(
      { length: 6 },
      () => setting.client.ping(setting.registry.address),
    ),
  );
  strictEqual(most, 2);
});
