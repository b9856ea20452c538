import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { StorePool } from "../../../src/cmd/regsync/store_pool.ts";
import { parseReference } from "../../../src/registry/reference.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";

function setUp(close: () => Promise<void> = () => Promise.resolve()) {
  const events: string[] = [];
  const pool = new StorePool((reference) => {
    events.push(`open ${reference.path}`);
    return Promise.resolve(Object.assign(new MemoryStore(), {
      [Symbol.asyncDispose]: async () => {
        await close();
        events.push(`close ${reference.path}`);
      },
    }));
  }, (name, error) => events.push(`${name}: ${error}`));
  const use = (text: string) => pool.use(parseReference(text));
  return { pool, events, use };
}

Deno.test("StorePool shares a store until the last one leaves", async () => {
  const { pool, events, use } = setUp();
  const [a, b] = await Promise.all([use("ocidir://d:1"), use("ocidir://d:2")]);
  strictEqual(a.store, b.store);
  await a[Symbol.asyncDispose]();
  deepStrictEqual(events, ["open d"]);
  await b[Symbol.asyncDispose]();
  deepStrictEqual(events, ["open d", "close d"]);
  strictEqual(pool.size, 0);
});

Deno.test("StorePool opens a store again only after it was closed", async () => {
  const gate = Promise.withResolvers<void>();
  const { events, use } = setUp(() => gate.promise);
  const leaving = (await use("ocidir://d"))[Symbol.asyncDispose]();
  const again = use("ocidir://d");
  await Promise.resolve();
  deepStrictEqual(events, ["open d"]);
  gate.resolve();
  await leaving;
  await again;
  deepStrictEqual(events, ["open d", "close d", "open d"]);
});

Deno.test("StorePool tells of a store that cannot be closed, and fails nothing", async () => {
  const { events, use } = setUp(() => Promise.reject(new Error("no")));
  await (await use("ocidir://d"))[Symbol.asyncDispose]();
  deepStrictEqual(events, ["open d", "ocidir://d: Error: no"]);
});

Deno.test("StorePool forgets a store that could not be opened", async () => {
  let fail = true;
  const pool = new StorePool(
    () =>
      fail
        ? Promise.reject(new Error("locked"))
        : Promise.resolve(Object.assign(new MemoryStore(), {
          [Symbol.asyncDispose]: () => Promise.resolve(),
        })),
    () => {},
  );
  const reference = parseReference("ocidir://d");
  await rejects(pool.use(reference), /locked/);
  fail = false;
  await using lease = await pool.use(reference);
  strictEqual(lease.store instanceof MemoryStore, true);
});
