import { rejects, strictEqual } from "node:assert/strict";
import { Run } from "../../src/registry/run.ts";
import { describe } from "../support/images.ts";
import { TestHost } from "../support/test_store.ts";

const node = describe("x/y", new Uint8Array([1])).descriptor;

Deno.test("Run.once() does the work of a key once, and says who did it", async () => {
  const run = new Run();
  let times = 0;
  const work = () => Promise.resolve(void times++);
  const did = await Promise.all([run.once("a", work), run.once("a", work)]);
  strictEqual(did.filter(Boolean).length, 1);
  strictEqual(await run.once("a", work), false);
  strictEqual(times, 1);
});

Deno.test("Run.once() does it again for one who outlives the caller that was stopped", async () => {
  const run = new Run();
  const controller = new AbortController();
  const stopped = run.once("a", () =>
    new Promise((_, reject) => {
      controller.signal.onabort = () => reject(controller.signal.reason);
    }));
  let done = false;
  const other = run.once("a", () => Promise.resolve(void (done = true)));
  controller.abort();
  await rejects(stopped, { name: "AbortError" });
  strictEqual(await other, true);
  strictEqual(done, true);
});

Deno.test("Run.once() stops waiting when its own signal aborts", async () => {
  const run = new Run();
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = run.once("a", () => promise);
  const signal = AbortSignal.abort(new Error("mine"));
  await rejects(run.once("a", () => promise, { signal }), /mine/);
  resolve();
  await first;
});

Deno.test("Run.body() cannot lock up copies in opposite directions", async () => {
  const run = new Run();
  const a = new TestHost("a.io").repository("x");
  const b = new TestHost("b.io").repository("x");
  const move = async (from: typeof a, to: typeof a) => {
    using _slot = await run.body(from, to);
    await Promise.resolve();
  };
  const moves = Array.from(
    { length: 50 },
    (_, i) => i % 2 ? move(a, b) : move(b, a),
  );
  await Promise.all(moves);
});

Deno.test("Run.body() lets as many move as the host takes", async () => {
  const run = new Run();
  const a = new TestHost("a.io").repository("x");
  const slots = await Promise.all([1, 2, 3, 4].map(() => run.body(a, a)));
  let fifth = false;
  const waiting = run.body(a, a).then((slot) => {
    fifth = true;
    slot[Symbol.dispose]();
  });
  await Promise.resolve();
  strictEqual(fifth, false);
  for (const slot of slots) slot[Symbol.dispose]();
  await waiting;
});

Deno.test("Run.lead() lets the next one try what failed for the first", async () => {
  const run = new Run();
  const first = run.lead("a.io", node, () => Promise.reject(new Error("no")));
  let led = false;
  const second = run.lead(
    "a.io",
    node,
    () => Promise.resolve(void (led = true)),
  );
  await rejects(first, /no/);
  await second;
  strictEqual(led, true);
});

Deno.test("Run.lead() lets all through at once when somebody has the blob", async () => {
  const run = new Run();
  run.keep("a.io", "x", node);
  let inside = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = () => {
    if (++inside === 2) resolve();
    return promise;
  };
  await Promise.all([
    run.lead("a.io", node, work),
    run.lead("a.io", node, work),
  ]);
  strictEqual(run.holders("a.io", node)[0], "x");
});
