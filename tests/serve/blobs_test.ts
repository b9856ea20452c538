import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createRegistry, MemoryStorage } from "../../src/serve/mod.ts";
import { describe, noise } from "../support/images.ts";
import { RegistryApi } from "../support/registry_api.ts";

const BLOB = describe("application/octet-stream", noise(2000, 1));
const { digest } = BLOB.descriptor;

async function registry(): Promise<RegistryApi> {
  const api = new RegistryApi(createRegistry(new MemoryStorage()));
  await api.pushBlob("app", BLOB);
  return api;
}

Deno.test("getBlob() gives the bytes, and HEAD all but the bytes", async () => {
  const api = await registry();
  const got = await api.ask(`GET app/blobs/${digest}`);
  deepStrictEqual(got.bytes, BLOB.bytes);
  const head = await api.ask(`HEAD app/blobs/${digest}`);
  strictEqual(head.bytes.length, 0);
  for (const answer of [got, head]) {
    strictEqual(answer.status, 200);
    strictEqual(answer.headers.get("content-length"), "2000");
    strictEqual(answer.headers.get("docker-content-digest"), digest);
    strictEqual(answer.headers.get("accept-ranges"), "bytes");
  }
});

Deno.test("getBlob() gives a part, unless the client has a part of something else", async () => {
  const api = await registry();
  const ask = (headers: Record<string, string>) =>
    api.ask(`GET app/blobs/${digest}`, { headers });
  const part = await ask({ range: "bytes=10-19" });
  strictEqual(part.status, 206);
  strictEqual(part.headers.get("content-range"), "bytes 10-19/2000");
  deepStrictEqual(part.bytes, BLOB.bytes.slice(10, 20));
  const same = await ask({ range: "bytes=10-19", "if-range": `"${digest}"` });
  strictEqual(same.status, 206);
  const other = await ask({ range: "bytes=10-19", "if-range": '"x"' });
  strictEqual(other.status, 200);
  const beyond = await ask({ range: "bytes=2000-" });
  strictEqual(beyond.status, 416);
  strictEqual(beyond.headers.get("content-range"), "bytes */2000");
});

Deno.test("getBlob() sends nothing to a client that has it", async () => {
  const api = await registry();
  const answer = await api.ask(`GET app/blobs/${digest}`, {
    headers: { "if-none-match": `"${digest}"` },
  });
  strictEqual(answer.status, 304);
  strictEqual(answer.bytes.length, 0);
});

Deno.test("getBlob() knows the blobs of the repository that was asked alone", async () => {
  const api = await registry();
  const answer = await api.ask(`GET other/blobs/${digest}`);
  deepStrictEqual([answer.status, answer.codes], [404, ["BLOB_UNKNOWN"]]);
  const bad = await api.ask("GET app/blobs/sha256:zz");
  deepStrictEqual([bad.status, bad.codes], [400, ["DIGEST_INVALID"]]);
});

Deno.test("deleteBlob() deletes once", async () => {
  const api = await registry();
  strictEqual((await api.ask(`DELETE app/blobs/${digest}`)).status, 202);
  strictEqual((await api.ask(`DELETE app/blobs/${digest}`)).status, 404);
  strictEqual((await api.ask(`GET app/blobs/${digest}`)).status, 404);
});
