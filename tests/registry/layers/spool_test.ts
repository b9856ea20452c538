import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { fromBytes } from "../../../src/base/streams.ts";
import { digestOf } from "../../../src/registry/digest.ts";
import { spool } from "../../../src/registry/layers/spool.ts";
import { noise } from "../../support/images.ts";
import { tempDir } from "../../support/temp.ts";

Deno.test("spool() keeps bytes, knows their digest, and removes the file", async () => {
  await using dir = await tempDir();
  const bytes = noise(300_000, 1);
  const names = async () =>
    (await Array.fromAsync(Deno.readDir(dir.path))).length;
  {
    await using file = await spool(fromBytes(bytes), {
      algorithm: "sha512",
      temporary: dir.path,
    });
    strictEqual(file.digest, digestOf(bytes, "sha512"));
    strictEqual(file.size, bytes.length);
    const read = async (offset?: number) =>
      await new Response(await file.body({ offset })).bytes();
    deepStrictEqual(await read(), bytes);
    deepStrictEqual(await read(100), bytes.slice(100));
    strictEqual(await names(), 1);
  }
  strictEqual(await names(), 0);
});

Deno.test("spool() leaves no file of a stream that breaks", async () => {
  await using dir = await tempDir();
  const broken = (async function* () {
    yield noise(10, 1);
    await Promise.resolve();
    throw new Error("cable");
  })();
  const options = { temporary: dir.path };
  await rejects(spool(broken, options), /cable/);
  const signal = AbortSignal.abort(new Error("stop"));
  await rejects(spool(fromBytes(noise(1, 1)), { ...options, signal }), /stop/);
  deepStrictEqual(await Array.fromAsync(Deno.readDir(dir.path)), []);
});
