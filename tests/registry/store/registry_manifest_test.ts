import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { digestOf } from "../../../src/registry/digest.ts";
import { artifact } from "../../support/images.ts";
import type { StartRegistryOptions } from "../../support/registry.ts";
import { putGraph, setUp, topOf } from "../../support/registry_stores.ts";

const root = topOf(artifact());

async function stored(options: StartRegistryOptions = {}, clientOptions = {}) {
  const setting = setUp(options, clientOptions);
  const store = setting.open();
  await putGraph(store, artifact(), "v1");
  setting.registry.take();
  return {
    ...setting,
    store,
    [Symbol.asyncDispose]: () => setting[Symbol.asyncDispose](),
  };
}

Deno.test("headManifest() resolves a tag and a digest by one HEAD", async () => {
  await using setting = await stored();
  for (const name of ["v1", root.descriptor.digest]) {
    const { mediaType, digest, size } = await setting.store.resolve(name);
    deepStrictEqual({ mediaType, digest, size }, {
      mediaType: root.descriptor.mediaType,
      digest: root.descriptor.digest,
      size: root.descriptor.size,
    });
  }
  deepStrictEqual(setting.registry.take().map((line) => line.split(" ")[0]), [
    "HEAD",
    "HEAD",
  ]);
});

Deno.test("headManifest() leaves it to GET where HEAD is refused, switched off or silent", async () => {
  const rows = [
    [{ features: { head: false } }, {}, ["HEAD", "GET"]],
    [{ features: { digestHeader: false } }, {}, ["HEAD", "GET"]],
    [{}, { hosts: [{ name: "", apiOpts: { disableHead: "true" } }] }, ["GET"]],
  ] as const;
  for (const [options, clientOptions, methods] of rows) {
    await using setting = await stored(options, clientOptions);
    strictEqual(
      (await setting.store.resolve("v1")).digest,
      root.descriptor.digest,
    );
    deepStrictEqual(
      setting.registry.take().map((line) => line.split(" ")[0]),
      methods,
    );
  }
});

Deno.test("getManifest() gives the bytes as they came and asks for every type", async () => {
  await using setting = await stored();
  const { bytes, headers } = await setting.store.manifest("v1");
  deepStrictEqual(new Uint8Array(bytes), new Uint8Array(root.bytes));
  strictEqual(headers?.get("docker-content-digest"), root.descriptor.digest);
  const accept = setting.registry.requests[0]?.headers.get("accept") ?? "";
  strictEqual(accept.split(", ").length, 7);
});

Deno.test("getManifest() refuses bytes that differ from the digest, asked for or told", async () => {
  await using altered = await stored({
    faults: [{ method: "GET", corrupt: true }],
  });
  await rejects(altered.store.manifest(root.descriptor.digest));
  await using lying = await stored({
    faults: [{ method: "GET", wrongDigest: true }],
  });
  await rejects(
    lying.store.manifest("v1"),
    /manifest digest mismatch, expected sha256:0000/,
  );
  await rejects(lying.store.manifest("sha256:beef"), { code: "reference" });
});

Deno.test("getManifest() says which manifest is none", async () => {
  await using setting = setUp({
    faults: [{ status: 200, body: "<p>log in" }],
  });
  await rejects(
    setting.open().manifest("v1"),
    /^RegError: Cannot get manifest ".*:v1": Cannot parse manifest: /,
  );
});

Deno.test("getManifest() reads again what broke off, and refuses what is too large", async () => {
  await using setting = await stored({
    faults: [{ method: "GET", cutAfter: 10, times: 1 }],
  });
  strictEqual(
    (await setting.store.manifest("v1")).bytes.length,
    root.bytes.length,
  );
  await using large = setUp({
    faults: [{ status: 200, body: "x".repeat(8 * 1024 * 1024 + 1) }],
  });
  await rejects(large.open().manifest("v1"), { code: "limit" });
});

Deno.test("putManifest() mistrusts a registry that stored something else", async () => {
  await using setting = setUp({
    faults: [{
      method: "PUT",
      status: 201,
      headers: { "docker-content-digest": `sha256:${"0".repeat(64)}` },
    }],
  });
  await rejects(
    setting.open().putManifest(root.descriptor, root.bytes, { tag: "v1" }),
    { code: "mismatch" },
  );
});

Deno.test("putManifest() stores another algorithm by digest, and tags it", async () => {
  const node = { ...root.descriptor, digest: digestOf(root.bytes, "sha512") };
  const told: string[][] = [];
  for (const headers of [{ "oci-tag": "v1" }, {}]) {
    await using setting = setUp({
      faults: [{ method: "PUT", status: 201, headers }],
    });
    await setting.open().putManifest(node, root.bytes, { tag: "v1" });
    told.push(
      setting.registry.take().map((line) =>
        line.replace(/sha512:\w+/, "DIGEST")
      ),
    );
  }
  const byDigest = "PUT /v2/acme/app/manifests/DIGEST?tag=v1";
  deepStrictEqual(told, [[byDigest], [
    byDigest,
    "PUT /v2/acme/app/manifests/v1?digest=DIGEST",
  ]]);
});
