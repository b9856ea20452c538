import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { noise } from "../../support/images.ts";
import { blobOf, setUp } from "../../support/registry_stores.ts";

const BLOB = blobOf(noise(1000, 5));

Deno.test("mountBlob() takes a blob from the first candidate that has it", async () => {
  await using setting = setUp();
  await setting.open("b").push(BLOB.node, BLOB.body);
  const store = setting.open("c");
  strictEqual(await store.mount(BLOB.node, ["a", "b"]), true);
  strictEqual(await store.exists(BLOB.node), true);
});

Deno.test("mountBlob() leaves the upload it began to the push", async () => {
  await using setting = setUp();
  const store = setting.open("c");
  strictEqual(await store.mount(BLOB.node, ["a"]), false);
  await store.push(BLOB.node, BLOB.body);
  deepStrictEqual(setting.registry.take().map((line) => line.split(" ")[0]), [
    "POST",
    "PUT",
  ]);
  strictEqual(await store.mount({ ...BLOB.node }, []), true);
});

Deno.test("mountBlob() takes any refusal for a no, asked once, and slows nothing", async () => {
  for (const status of [400, 401, 403, 404, 405, 429, 500, 503]) {
    await using setting = setUp({
      faults: [{ method: "POST", path: /mount/, status }],
    }, { firstWaitMs: 60_000 }); // a wait would be seen on any machine
    strictEqual(
      await setting.open().mount(BLOB.node, ["a"]),
      false,
      String(status),
    );
    strictEqual(setting.registry.take().length, 1);
    const started = performance.now();
    if (status !== 429) await setting.open().push(BLOB.node, BLOB.body);
    strictEqual(
      performance.now() - started < 30_000,
      true,
      "no wait of a back-off",
    );
  }
});
