import { rejects, strictEqual } from "node:assert/strict";
import { sleep } from "../../src/base/sleep.ts";

Deno.test("sleep() ends at once when its signal aborts", async () => {
  const controller = new AbortController();
  const long = sleep(2 ** 33, { signal: controller.signal });
  controller.abort(new Error("stop"));
  await rejects(long, /stop/);
});

Deno.test("sleep() does not start on an aborted signal", async () => {
  await rejects(
    sleep(0, { signal: AbortSignal.abort(new Error("late")) }),
    /late/,
  );
});

Deno.test("sleep() comes back", async () => {
  strictEqual(await sleep(1), undefined);
});
