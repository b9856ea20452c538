import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Client, type ClientOptions } from "../../../src/registry/open.ts";
import { parseReference } from "../../../src/registry/reference.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { noise } from "../../support/images.ts";
import { startRegistry } from "../../support/registry.ts";
import { blobOf } from "../../support/registry_stores.ts";

const SIZE = 300_000;
const BLOB = blobOf(noise(SIZE, 6));

async function pair(options: ClientOptions = {}) {
  const stack = new AsyncDisposableStack();
  const source = stack.use(startRegistry());
  const target = stack.use(startRegistry());
  const hosts = [source, target].map(({ address }) => ({
    name: address,
    tls: "disabled" as const,
  }));
  const client = stack.use(
    new Client({
      firstWaitMs: 1,
      ...options,
      hosts: [
        ...hosts,
        ...hosts.map(({ name }) => ({ ...options.hosts?.[0], name })),
      ],
    }),
  );
  const open = (registry: { readonly address: string }, repository: string) =>
    client.openRegistry(parseReference(`${registry.address}/${repository}`));
  const from = open(source, "a");
  const to = open(target, "b");
  await from.push(BLOB.node, BLOB.body);
  // Small requests show that both are near.
  for (const store of Array.from({ length: 5 }, () => [from, to]).flat()) {
    await store.exists(BLOB.node);
  }
  source.take();
  target.take();
  return {
    source,
    target,
    client,
    open,
    from,
    to,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

Deno.test("transferBlob() moves a blob by one GET and one PUT with its length, on either way", async () => {
  for (const untouchedFrom of [0, Infinity]) {
    await using setting = await pair({ untouchedFrom });
    let told = 0;
    strictEqual(
      await setting.to.transfer(BLOB.node, setting.from, {
        onBytes: (bytes) => told += bytes,
      }),
      true,
    );
    strictEqual(told, SIZE);
    strictEqual(await setting.to.exists(BLOB.node), true);
    strictEqual(setting.source.take().length, 1);
    const put = setting.target.requests.find(({ method }) => method === "PUT");
    strictEqual(put?.headers.get("content-length"), String(SIZE));
  }
});

Deno.test("transferBlob() goes on, counted, where the untouched way broke", async () => {
  for (const side of ["source", "target"] as const) {
    await using setting = await pair({ untouchedFrom: 0 });
    setting[side].faults.push(
      side === "source"
        ? { method: "GET", path: /blobs/, cutAfter: 100_000, times: 1 }
        : { method: "PUT", cutRequestAfter: 100_000, times: 1 },
    );
    let told = 0;
    strictEqual(
      await setting.to.transfer(BLOB.node, setting.from, {
        onBytes: (bytes) => told += bytes,
      }),
      true,
    );
    strictEqual(told, SIZE);
    strictEqual(await setting.to.exists(BLOB.node), true, side);
    const gets = setting.source.requests.filter(({ method }) =>
      method === "GET"
    );
    strictEqual(gets.length, 2);
  }
});

Deno.test("transferBlob() does not wait for itself with one slot a host, both directions at once", async () => {
  await using setting = await pair({ hosts: [{ name: "", reqConcurrent: 1 }] });
  const other = blobOf(noise(SIZE, 7));
  const back = setting.open(setting.source, "back");
  const there = setting.open(setting.target, "there");
  await there.push(other.node, other.body);
  const same = setting.open(setting.source, "same");
  const done = await Promise.all([
    setting.to.transfer(BLOB.node, setting.from),
    back.transfer(other.node, there),
    same.transfer(BLOB.node, setting.from),
  ]);
  deepStrictEqual(done, [true, true, true]);
});

Deno.test("transferBlob() is not for stores of other clients or kinds", async () => {
  await using setting = await pair();
  strictEqual(await setting.to.transfer(BLOB.node, new MemoryStore()), false);
  await using stranger = new Client();
  const foreign = stranger.openRegistry(parseReference("registry.example/a"));
  strictEqual(await setting.to.transfer(BLOB.node, foreign), false);
});
