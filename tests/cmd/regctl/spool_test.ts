import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { spool } from "../../../src/cmd/regctl/spool.ts";
import { sha256 } from "../../support/images.ts";

const bytes = crypto.getRandomValues(new Uint8Array(50_000));

Deno.test("spool() gives size, digest and the bytes as often as they are asked for", async () => {
  await using spooled = await spool(new Blob([bytes]).stream());
  strictEqual(spooled.size, bytes.length);
  strictEqual(spooled.digest, sha256(bytes));
  for (const offset of [0, 49_999, 7]) {
    deepStrictEqual(
      await new Response(await spooled.body({ offset })).bytes(),
      bytes.subarray(offset),
    );
  }
});

Deno.test("spool() fails with its stream", async () => {
  const broken = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error("broken")),
  });
  await rejects(() => spool(broken), /broken/);
});
