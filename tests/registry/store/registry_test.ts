import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { collect } from "../../../src/base/streams.ts";
import type { Digest } from "../../../src/registry/core.ts";
import { artifact, noise } from "../../support/images.ts";
import { blobOf, putGraph, setUp } from "../../support/registry_stores.ts";

const BLOB = blobOf(noise(100_000, 1));

Deno.test("RegistryStore pushes a blob in two requests and reads it back", async () => {
  await using setting = setUp();
  const store = setting.open();
  let told = 0;
  await store.push(BLOB.node, BLOB.body, { onBytes: (bytes) => told += bytes });
  const requests = setting.registry.requests.map((
    { method, headers },
  ) => [method, headers.get("content-length")]);
  deepStrictEqual(requests, [["POST", "0"], ["PUT", "100000"]]);
  strictEqual(told, 100_000);
  deepStrictEqual(
    await collect(await store.open(BLOB.node), 1e6),
    noise(100_000, 1),
  );
  deepStrictEqual(
    await collect(await store.open(BLOB.node, { offset: 99_990 }), 1e6),
    noise(100_000, 1).subarray(99_990),
  );
});

Deno.test("RegistryStore errors a blob's stream unless size and digest match", async () => {
  await using setting = setUp({
    faults: [{ path: /blobs\/sha256/, method: "GET", corrupt: true }],
  });
  const store = setting.open();
  await store.push(BLOB.node, BLOB.body);
  await rejects(collect(await store.open(BLOB.node), 1e6), {
    code: "mismatch",
  });
  strictEqual(
    (await collect(await store.open(BLOB.node, { verify: false }), 1e6)).length,
    100_000,
  );
  await rejects(
    collect(await store.open({ ...BLOB.node, size: 50 }), 1e6),
    { code: "mismatch" },
  );
});

Deno.test("RegistryStore resumes a download where it broke", async () => {
  await using setting = setUp({
    faults: [{
      path: /blobs\/sha256/,
      method: "GET",
      cutAfter: 30_000,
      times: 2,
    }],
  });
  const store = setting.open();
  await store.push(BLOB.node, BLOB.body);
  deepStrictEqual(
    await collect(await store.open(BLOB.node), 1e6),
    noise(100_000, 1),
  );
  const ranges = setting.registry.requests.filter(({ method }) =>
    method === "GET"
  )
    .map(({ headers }) => headers.get("range"));
  strictEqual(ranges.length, 3);
  strictEqual(ranges[0], null);
});

Deno.test("RegistryStore reads from a place of the descriptor what the registry has not", async () => {
  await using setting = setUp();
  await using other = setUp();
  await other.open("x").push(BLOB.node, BLOB.body);
  const url = `${other.registry.url}/v2/x/blobs/${BLOB.node.digest}`;
  const store = setting.open();
  deepStrictEqual(
    await collect(
      await store.open({ ...BLOB.node, urls: ["http://127.0.0.1:1/", url] }),
      1e6,
    ),
    noise(100_000, 1),
  );
  await rejects(store.open(BLOB.node), { code: "not_found" });
});

Deno.test("RegistryStore takes no place of a descriptor for a path in the registry", async () => {
  await using setting = setUp();
  const urls = ["../../other/blobs/x", "file:///etc/passwd", "/v2/other"];
  await rejects(setting.open().open({ ...BLOB.node, urls }), {
    code: "not_found",
  });
  strictEqual(setting.registry.requests.length, 1);
});

Deno.test("RegistryStore tells whether blobs and manifests are there", async () => {
  await using setting = setUp();
  const store = setting.open();
  const { root } = artifact();
  strictEqual(await store.exists(BLOB.node), false);
  strictEqual(await store.exists(root), false);
  await store.push(BLOB.node, BLOB.body);
  strictEqual(await store.exists(BLOB.node), true);
  setting.registry.faults.push({ status: 403 });
  await rejects(store.exists(BLOB.node), { code: "denied" });
});

Deno.test("RegistryStore deletes blobs, manifests and tags", async () => {
  await using setting = setUp();
  const store = setting.open();
  const { root } = artifact();
  await store.push(BLOB.node, BLOB.body);
  await store.deleteBlob(BLOB.node);
  strictEqual(await store.exists(BLOB.node), false);
  await putGraph(store, artifact(), "v1");
  await store.tag(root, "v2");
  strictEqual((await store.resolve("v2")).digest, root.digest);
  await store.untag("v1");
  await rejects(store.resolve("v1"), { code: "not_found" });
  await store.deleteManifest(root);
  await rejects(store.resolve("v2"), { code: "not_found" });
});

Deno.test("RegistryStore says what it was doing and what the registry answered", async () => {
  await using setting = setUp();
  const digest: Digest = `sha256:${"0".repeat(64)}`;
  const name = `"${setting.registry.address}/acme/app`;
  await rejects(
    setting.open().manifest("none"),
    (error: Error) =>
      error.message.startsWith(
        `Cannot get manifest ${name}:none": not found [http 404]`,
      ),
  );
  await rejects(
    setting.open().deleteManifest({ mediaType: "", digest, size: 0 }),
    (error: Error) =>
      error.message.startsWith(
        `Cannot delete manifest ${name}@${digest}": not found [http 404]`,
      ),
  );
});

Deno.test("RegistryStore rejects with the signal's reason", async () => {
  await using setting = setUp();
  const controller = new AbortController();
  setting.registry.faults.push({
    wait: () => {
      controller.abort(new Error("stop"));
      return Promise.resolve();
    },
  });
  await rejects(
    setting.open().resolve("v1", { signal: controller.signal }),
    /stop/,
  );
});
