import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { noise } from "../../support/images.ts";
import { blobOf, setUp } from "../../support/registry_stores.ts";

const bytes = noise(1000, 1);
const { node, body } = blobOf(bytes);

Deno.test("getBlob() gives the rest of a blob, also where the registry knows no ranges", async () => {
  await using setting = setUp();
  const store = setting.open();
  await store.push(node, body);
  const rest = async () =>
    await new Response(await store.open(node, { offset: 400 })).bytes();
  deepStrictEqual(await rest(), bytes.slice(400));
  setting.registry.faults.push({
    method: "GET",
    path: /blobs/,
    status: 200,
    body: "x".repeat(1000),
  });
  strictEqual(new TextDecoder().decode(await rest()), "x".repeat(600));
});

Deno.test("statBlob() gives the size, and names a blob that is not there", async () => {
  await using setting = setUp();
  const store = setting.open();
  await rejects(store.stat(node.digest), {
    code: "not_found",
    message: new RegExp(`^Cannot find blob ${node.digest} in "`),
  });
  await store.push(node, body);
  strictEqual((await store.stat(node.digest)).size, 1000);
});
