import { strictEqual } from "node:assert/strict";
import { LinkedAbort } from "../../src/base/linked_abort.ts";
import { sleep } from "../../src/base/sleep.ts";

Deno.test("LinkedAbort aborts with its parent, before and after it is made", () => {
  const parent = new AbortController();
  using linked = new LinkedAbort(parent.signal);
  strictEqual(linked.signal.aborted, false);
  const reason = new Error("stop");
  parent.abort(reason);
  strictEqual(linked.signal.reason, reason);
  using late = new LinkedAbort(parent.signal);
  strictEqual(late.signal.reason, reason);
});

Deno.test("LinkedAbort aborts by itself and leaves its parent alone", () => {
  const parent = new AbortController();
  using linked = new LinkedAbort(parent.signal);
  linked.abort(new Error("own"));
  strictEqual((linked.signal.reason as Error).message, "own");
  strictEqual(parent.signal.aborted, false);
});

Deno.test("LinkedAbort aborts after a time, unless it was disposed", async () => {
  const late = new Error("late");
  using ends = new LinkedAbort();
  ends.abortAfter(0, late);
  const stays = new LinkedAbort();
  stays.abortAfter(1, late);
  stays[Symbol.dispose]();
  await sleep(5);
  strictEqual(ends.signal.reason, late);
  strictEqual(stays.signal.aborted, false);
});

Deno.test("LinkedAbort leaves no listener with its parent", () => {
  const parent = new AbortController();
  let listeners = 0;
  const { signal } = parent;
  const [add, remove] = [
    signal.addEventListener.bind(signal),
    signal.removeEventListener.bind(signal),
  ];
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  {
    using _linked = new LinkedAbort(signal);
    strictEqual(listeners, 1);
  }
  strictEqual(listeners, 0);
});
