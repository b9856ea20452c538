import { rejects, strictEqual } from "node:assert/strict";
import { sleep } from "../../../src/base/sleep.ts";
import { deadline } from "../../../src/registry/http/deadline.ts";

const expired = () => new Error("too quiet");
const aborted = (signal: AbortSignal) =>
  new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason))
  );

Deno.test("deadline() aborts with its own error when nothing happens", async () => {
  using limit = deadline(5, expired);
  await rejects(aborted(limit.signal), /too quiet/);
});

Deno.test("deadline() aborts with its parent's reason", async () => {
  const parent = new AbortController();
  using limit = deadline(60_000, expired, { signal: parent.signal });
  const waiting = aborted(limit.signal);
  parent.abort(new Error("stop"));
  await rejects(waiting, /stop/);
});

Deno.test("deadline() starts anew with each renewal, shorter or for ever too", async () => {
  using limit = deadline(20, expired);
  limit.renew(Infinity);
  await sleep(40);
  strictEqual(limit.signal.aborted, false);
  const waiting = aborted(limit.signal);
  limit.renew(2);
  await rejects(waiting, /too quiet/);
});

Deno.test("deadline() stops its clock when it is disposed", async () => {
  const limit = deadline(2, expired);
  limit[Symbol.dispose]();
  limit.renew(1);
  await sleep(10);
  strictEqual(limit.signal.aborted, false);
});

Deno.test("deadline() passes its parent's abort on after it is disposed, as bodies are read then", () => {
  const parent = new AbortController();
  const limit = deadline(1000, () => new Error("late"), {
    signal: parent.signal,
  });
  const { signal } = limit;
  limit[Symbol.dispose]();
  parent.abort(new Error("stop"));
  strictEqual(signal.aborted, true);
  strictEqual((signal.reason as Error).message, "stop");
});

Deno.test("deadline() is aborted from the start where its parent is", () => {
  using limit = deadline(1000, () => new Error("late"), {
    signal: AbortSignal.abort(new Error("stop")),
  });
  strictEqual(limit.signal.aborted, true);
});
