import { match, strictEqual } from "node:assert/strict";
import { botBench } from "../../support/regbot.ts";

Deno.test("server refuses a schedule that cannot be, with its place", async () => {
  await using bench = await botBench();
  const { exit, rest } = await bench.run(
    ["server"],
    `scripts:\n  - {name: a, schedule: "* * *", script: x}`,
  );
  strictEqual(exit, 1);
  match(
    rest,
    /regbot\.yml:3:\d+: schedule of "a": expected exactly 5 fields, found 3/,
  );
});

Deno.test("server ends with 0 when it is interrupted and nothing failed", async () => {
  await using bench = await botBench();
  const { exit, log } = await bench.run(
    ["server"],
    `scripts:\n  - {name: a, interval: 1h, script: 'error("no")'}`,
    { signal: AbortSignal.abort(new DOMException("", "AbortError")) },
  );
  strictEqual(exit, 0);
  match(log.join("\n"), /Stopping server/);
});
