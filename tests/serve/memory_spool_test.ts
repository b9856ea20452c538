import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { MemorySpool } from "../../src/serve/memory_spool.ts";

async function content(spool: MemorySpool): Promise<number[]> {
  return [...await new Response(await spool.read()).bytes()];
}

Deno.test("MemorySpool keeps what was written, even when the writer reuses it", async () => {
  const spool = new MemorySpool();
  const buffer = Uint8Array.of(1, 2);
  await spool.write(buffer);
  buffer.fill(9);
  await spool.write(Uint8Array.of(3));
  await spool.flush();
  deepStrictEqual(await content(spool), [1, 2, 3]);
  strictEqual(spool.size, 3);
});

Deno.test("MemorySpool forgets what is cut off and what is removed", async () => {
  const spool = new MemorySpool();
  await spool.write(Uint8Array.of(1, 2, 3));
  await spool.truncate(1);
  await spool.write(Uint8Array.of(4));
  deepStrictEqual(await content(spool), [1, 4]);
  await spool.remove();
  strictEqual(spool.size, 0);
});
