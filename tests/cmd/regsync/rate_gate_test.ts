import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { RegError } from "../../../src/base/errors.ts";
import { Log } from "../../../src/base/log.ts";
import { Semaphore } from "../../../src/base/semaphore.ts";
import { RateGate } from "../../../src/cmd/regsync/rate_gate.ts";
import type { RateLimit } from "../../../src/registry/rate_limit.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const MINUTE = 60_000;
const RETRY = 5n * 60_000_000_000n;

function limit(remain: number, max = 100): RateLimit {
  return { remain, limit: max, reset: 0, set: true, policies: [] };
}

/** A gate, a registry with a number of pulls left, and what was logged. */
function setUp(remain: number) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = new Log(-4, ({ message }) => lines.push(message));
  const gate = new RateGate({ clock, log });
  const slots = new Semaphore(1);
  const registry = { remain, looks: 0, answer: undefined as unknown };
  const pass = (min: number, account = "hub me", signal?: AbortSignal) =>
    gate.pass({
      account,
      source: "hub/a:1",
      setting: { min, retry: RETRY },
      look: () => {
        registry.looks++;
        if (registry.answer instanceof Error) {
          return Promise.reject(registry.answer);
        }
        return Promise.resolve(
          registry.answer as RateLimit ?? limit(registry.remain),
        );
      },
      acquire: () => slots.acquire({ signal }),
      signal,
    });
  return { clock, lines, slots, registry, pass };
}

Deno.test("RateGate lets a step pass that has enough, with one look", async () => {
  const { lines, registry, pass } = setUp(76);
  using _slot = await pass(76);
  strictEqual(registry.looks, 1);
  deepStrictEqual(lines, ["Rate limit passed"]);
});

Deno.test("RateGate waits without a slot, and looks again after the retry", async () => {
  const { clock, lines, slots, registry, pass } = setUp(76);
  const waiting = pass(77);
  await clock.advance(0);
  strictEqual(slots.held, 0);
  await clock.advance(5 * MINUTE);
  strictEqual(registry.looks, 2);
  registry.remain = 80;
  await clock.advance(5 * MINUTE);
  using _slot = await waiting;
  deepStrictEqual(lines, [
    "Delaying for rate limit",
    "Delaying for rate limit",
    "Rate limit passed",
  ]);
});

Deno.test("RateGate asks once for all that share an account, and none of another", async () => {
  const { clock, registry, slots, pass } = setUp(5);
  const waiting = [pass(10), pass(10), pass(10)];
  await clock.advance(0);
  strictEqual(registry.looks, 1);
  registry.remain = 50;
  const other = await pass(10, "quay");
  strictEqual(registry.looks, 2);
  other[Symbol.dispose]();
  await clock.advance(5 * MINUTE);
  for (const one of waiting) (await one)[Symbol.dispose]();
  strictEqual(slots.held, 0);
});

Deno.test("RateGate looks for itself where another step asks for more", async () => {
  const { clock, registry, pass } = setUp(5);
  const greedy = pass(10);
  await clock.advance(0);
  (await pass(3))[Symbol.dispose]();
  strictEqual(registry.looks, 2);
  registry.remain = 10;
  await clock.advance(5 * MINUTE);
  (await greedy)[Symbol.dispose]();
});

Deno.test("RateGate goes on, warning once, where waiting cannot help", async () => {
  const { lines, registry, pass } = setUp(50);
  (await pass(101))[Symbol.dispose]();
  (await pass(101))[Symbol.dispose]();
  registry.answer = { ...limit(0), set: false };
  (await pass(60))[Symbol.dispose]();
  (await pass(60))[Symbol.dispose]();
  deepStrictEqual(lines, [
    "Rate limit minimum is above the limit, going on",
    "Rate limit is not reported any more, going on",
  ]);
});

Deno.test("RateGate fails where the limit cannot be asked for, and keeps no slot", async () => {
  const { lines, slots, registry, pass } = setUp(50);
  registry.answer = new RegError("network", "gone");
  await rejects(pass(10), /gone/);
  strictEqual(slots.held, 0);
  deepStrictEqual(lines, ["rate limit check failed"]);
});

Deno.test("RateGate takes a refusal for an empty account", async () => {
  const { clock, lines, registry, pass } = setUp(50);
  registry.answer = new RegError("rate_limited", "slow down");
  const waiting = pass(10);
  await clock.advance(0);
  deepStrictEqual(lines, ["Delaying for rate limit"]);
  registry.answer = undefined;
  await clock.advance(5 * MINUTE);
  (await waiting)[Symbol.dispose]();
});

Deno.test("RateGate ends a wait with its signal", async () => {
  const { clock, slots, pass } = setUp(5);
  const controller = new AbortController();
  const waiting = pass(10, "hub", controller.signal);
  await clock.advance(0);
  controller.abort();
  await rejects(waiting, { name: "AbortError", message: "task was canceled" });
  strictEqual(slots.held, 0);
});
