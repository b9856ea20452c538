import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Semaphore } from "../../src/base/semaphore.ts";

Deno.test("Semaphore admits waiters by priority, then in order of arrival", async () => {
  const gate = new Semaphore(1);
  const first = await gate.acquire();
  const order: string[] = [];
  const wait = async (name: string, priority: number) => {
    using _slot = await gate.acquire({ priority });
    order.push(name);
  };
  const all = [wait("big", 1), wait("small", 0), wait("small too", 0)];
  first[Symbol.dispose]();
  await Promise.all(all);
  deepStrictEqual(order, ["small", "small too", "big"]);
});

Deno.test("Semaphore forgets exactly the waiter that gives up", async () => {
  const gate = new Semaphore(1);
  const first = await gate.acquire();
  const controller = new AbortController();
  const patient = gate.acquire();
  const hasty = gate.acquire({ signal: controller.signal });
  controller.abort(new Error("enough"));
  await rejects(hasty, /enough/);
  strictEqual(gate.waiting, 1);
  first[Symbol.dispose]();
  using _slot = await patient;
  strictEqual(gate.held, 1);
});

Deno.test("Semaphore frees a slot once, however often it is disposed", async () => {
  const gate = new Semaphore(2);
  const slot = await gate.acquire();
  slot[Symbol.dispose]();
  slot[Symbol.dispose]();
  strictEqual(gate.held, 0);
});
