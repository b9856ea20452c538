import { rejects, strictEqual } from "node:assert/strict";
import { untilAborted } from "../../src/base/until_aborted.ts";

const never = new Promise<never>(() => {});

Deno.test("untilAborted() gives what the work gives, with or without a signal", async () => {
  const { signal } = new AbortController();
  strictEqual(await untilAborted(Promise.resolve(1), signal), 1);
  strictEqual(await untilAborted(Promise.resolve(2), undefined), 2);
  await rejects(untilAborted(Promise.reject(new Error("no")), signal), /no/);
});

Deno.test("untilAborted() ends with its signal, before and while it waits", async () => {
  const controller = new AbortController();
  const waiting = untilAborted(never, controller.signal);
  controller.abort(new Error("stop"));
  await rejects(waiting, /stop/);
  await rejects(untilAborted(never, controller.signal), /stop/);
  await rejects(untilAborted(Promise.resolve(1), controller.signal), /stop/);
});

Deno.test("untilAborted() leaves no failure of the work behind", async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  const stopped = AbortSignal.abort(new Error("stop"));
  await rejects(untilAborted(promise, stopped), /stop/);
  // An unhandled rejection would fail the test.
  reject(new Error("too late"));
  await new Promise((resolve) => setTimeout(resolve, 0));
});
