import { deepStrictEqual, rejects } from "node:assert/strict";
import { readConfig } from "../../../src/cmd/regctl/config_blob.ts";
import { fromBytes } from "../../../src/base/streams.ts";
import { MemoryStore } from "../../../src/registry/store/memory.ts";
import { describe } from "../../support/images.ts";

async function stored(text: string) {
  const store = new MemoryStore();
  const blob = describe("a/b", new TextEncoder().encode(text));
  const body = () => Promise.resolve(fromBytes(blob.bytes));
  await store.push(blob.descriptor, body);
  return { store, ...blob };
}

Deno.test("readConfig() gives the bytes and the text", async () => {
  const { store, descriptor, bytes } = await stored('{ "os": "linux" }');
  deepStrictEqual(await readConfig(store, descriptor), {
    bytes,
    text: '{ "os": "linux" }',
  });
});

Deno.test("readConfig() refuses what is no JSON", async () => {
  const { store, descriptor } = await stored("{os: linux}");
  await rejects(readConfig(store, descriptor), {
    code: "invalid",
    message: /^Cannot read config sha256:\w+ of ".*": no valid JSON$/,
  });
});
