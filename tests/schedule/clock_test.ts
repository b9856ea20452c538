import { rejects, strictEqual } from "node:assert/strict";
import { sleepUntil, systemClock } from "../../src/schedule/clock.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("sleepUntil() notices that the clock was set", async () => {
  const clock = new FakeClock();
  let awake = false;
  const wait = sleepUntil(10 * 3_600_000, { clock }).then(() => awake = true);
  await clock.advance(60_000);
  strictEqual(awake, false);
  clock.set(10 * 3_600_000);
  await clock.advance(0);
  await wait;
  strictEqual(awake, true);
});

Deno.test("sleepUntil() ends with its signal", async () => {
  const controller = new AbortController();
  const wait = sleepUntil(Infinity, {
    clock: systemClock,
    signal: controller.signal,
  });
  controller.abort(new Error("stop"));
  await rejects(wait, /stop/);
});
