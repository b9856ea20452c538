import { rejects, strictEqual } from "node:assert/strict";
import { sleep } from "../../src/base/sleep.ts";
import { ApiError } from "../../src/serve/api_error.ts";
import { Patience } from "../../src/serve/patience.ts";

const never = () => new Promise<never>(() => {});
const isTooSlow = (error: unknown) =>
  error instanceof ApiError && error.status === 408;

Deno.test("Patience waits for one thing after the other", async () => {
  using patience = new Patience(60_000);
  strictEqual(await patience.wait(Promise.resolve(1)), 1);
  await rejects(patience.wait(Promise.reject(new Error("no"))), /no/);
  strictEqual(await patience.wait(Promise.resolve(2)), 2);
});

Deno.test("Patience counts no time in which nothing is waited for", async () => {
  using patience = new Patience(5);
  await patience.wait(Promise.resolve(1));
  await sleep(20);
  strictEqual(await patience.wait(Promise.resolve(2)), 2);
});

Deno.test("Patience ends, and then for good", async () => {
  using patience = new Patience(1);
  await rejects(patience.wait(never()), isTooSlow);
  await rejects(patience.wait(never()), isTooSlow);
});

Deno.test("Patience ends when it is told to, or was before it began", async () => {
  const controller = new AbortController();
  using patience = new Patience(60_000, controller.signal);
  const waiting = patience.wait(never());
  controller.abort(new Error("enough"));
  await rejects(waiting, /enough/);
  using late = new Patience(60_000, controller.signal);
  await rejects(late.wait(never()), /enough/);
});
