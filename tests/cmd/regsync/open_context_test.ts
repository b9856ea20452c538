import { strictEqual } from "node:assert/strict";
import { syncBench } from "../../support/regsync.ts";

const STEP = "sync: [{source: S/test/repo:v2, target: T/t/a:1, type: image}]";

Deno.test("the number of copies at a time is at least one, and told", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  for (const [parallel, concurrent] of [[-1, 1], [0, 1], [3, 3]]) {
    const { lines } = await bench.run(
      "check -v debug",
      `defaults: {parallel: ${parallel}}\n${STEP}`,
    );
    strictEqual(
      lines.includes(
        `level=DEBUG msg="Configuring parallel settings" concurrent=${concurrent}`,
      ),
      true,
    );
  }
});
