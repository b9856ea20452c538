import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { FileSpool } from "../../src/serve/file_spool.ts";
import { noise } from "../support/images.ts";
import { tempDir } from "../support/temp.ts";

const BYTES = noise(600_000, 1);

async function content(spool: FileSpool): Promise<Uint8Array> {
  return await new Response(await spool.read()).bytes();
}

Deno.test("FileSpool appends, request by request", async () => {
  await using dir = await tempDir();
  const spool = new FileSpool(join(dir.path, "upload"));
  strictEqual((await content(spool)).length, 0);
  for (let at = 0; at < BYTES.length; at += 100_000) {
    await spool.write(BYTES.subarray(at, at + 100_000));
    if (at % 200_000 === 0) await spool.flush();
  }
  strictEqual(spool.size, BYTES.length);
  deepStrictEqual(await content(spool), BYTES);
});

Deno.test("FileSpool goes on with what an earlier run left", async () => {
  await using dir = await tempDir();
  const path = join(dir.path, "upload");
  strictEqual(await FileSpool.find(path), undefined);
  const first = new FileSpool(path);
  await first.write(BYTES.subarray(0, 1000));
  await first.flush();
  const second = await FileSpool.find(path);
  strictEqual(second?.size, 1000);
  await second.write(BYTES.subarray(1000));
  deepStrictEqual(await content(second), BYTES);
});

Deno.test("FileSpool drops bytes from the end, and all of them", async () => {
  await using dir = await tempDir();
  const spool = new FileSpool(join(dir.path, "upload"));
  await spool.write(BYTES);
  await spool.truncate(10);
  await spool.write(BYTES.subarray(10, 20));
  deepStrictEqual(await content(spool), BYTES.slice(0, 20));
  await spool.write(BYTES);
  await spool.remove();
  await spool.remove();
  strictEqual(await FileSpool.find(spool.path), undefined);
});

Deno.test("FileSpool makes its file when it is put onto the disk, empty or not", async () => {
  await using dir = await tempDir();
  const spool = new FileSpool(join(dir.path, "upload"));
  await spool.sync();
  strictEqual((await Deno.stat(spool.path)).size, 0);
  await spool.write(BYTES);
  await spool.sync();
  strictEqual((await Deno.stat(spool.path)).size, BYTES.length);
});
