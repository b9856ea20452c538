import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { fromBytes } from "../../../src/base/streams.ts";
import { digestOf } from "../../../src/registry/digest.ts";
import { spool } from "../../../src/registry/layers/spool.ts";
import { noise } from "../../support/images.ts";
import { tempDir } from "../../support/temp.ts";

const KINDS = { "in memory": 0, "in a file": 1 } as const;
for (const [place, files] of Object.entries(KINDS)) {
  Deno.test(`spool() keeps bytes ${place}, knows their digest, and removes them`, async () => {
    await using dir = await tempDir();
    const bytes = noise(files === 0 ? 300_000 : 1_500_000, 1);
    const count = async () =>
      (await Array.fromAsync(Deno.readDir(dir.path))).length;
    {
      const pieces = [bytes.subarray(0, 200_000), bytes.subarray(200_000)];
      await using kept = await spool(fromBytes(...pieces), {
        algorithm: "sha512",
        temporary: dir.path,
      });
      strictEqual(kept.digest, digestOf(bytes, "sha512"));
      strictEqual(kept.size, bytes.length);
      const read = async (offset?: number) =>
        await new Response(await kept.body({ offset })).bytes();
      deepStrictEqual(await read(), bytes);
      deepStrictEqual(await read(250_000), bytes.slice(250_000));
      strictEqual(await count(), files);
    }
    strictEqual(await count(), 0);
  });
}

Deno.test("spool() keeps what a sender's buffer held before", async () => {
  const buffer = new Uint8Array(2);
  const reused = (async function* () {
    for (const byte of [1, 2]) {
      await Promise.resolve();
      yield buffer.fill(byte);
    }
  })();
  await using kept = await spool(reused);
  const bytes = await new Response(await kept.body({})).bytes();
  deepStrictEqual(bytes, new Uint8Array([1, 1, 2, 2]));
});

Deno.test("spool() needs a place for what is large, and says so", async () => {
  await using dir = await tempDir();
  const options = { temporary: `${dir.path}/none` };
  await using small = await spool(fromBytes(noise(10, 1)), options);
  strictEqual(small.size, 10);
  await rejects(spool(fromBytes(noise(1_500_000, 1)), options), {
    code: "file",
    message: /^Cannot make a temporary file, see TMPDIR: /,
  });
});

Deno.test("spool() leaves no file of a stream that breaks", async () => {
  await using dir = await tempDir();
  const broken = (async function* () {
    yield noise(1_500_000, 1);
    await Promise.resolve();
    throw new Error("cable");
  })();
  const options = { temporary: dir.path };
  await rejects(spool(broken, options), /cable/);
  const signal = AbortSignal.abort(new Error("stop"));
  await rejects(spool(fromBytes(noise(1, 1)), { ...options, signal }), /stop/);
  deepStrictEqual(await Array.fromAsync(Deno.readDir(dir.path)), []);
});
