import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { inParallel } from "../../src/base/in_parallel.ts";

/** Work that ends when it is told to. */
function gates() {
  const begun: number[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const work = (item: number) => {
    begun.push(item);
    return (ends[item] = Promise.withResolvers<void>()).promise;
  };
  /** Lets all that can go on do so. */
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { begun, ends, work, settle };
}

Deno.test("inParallel() begins the next one when one is done, in their order", async () => {
  const { begun, ends, work, settle } = gates();
  const all = inParallel([0, 1, 2, 3], work, { limit: 2 });
  await settle();
  deepStrictEqual(begun, [0, 1]);
  ends[1]!.resolve();
  await settle();
  deepStrictEqual(begun, [0, 1, 2]);
  for (const at of [0, 2]) ends[at]!.resolve();
  await settle();
  ends[3]!.resolve();
  await all;
});

Deno.test("inParallel() begins no more after a failure, waits for the rest, and lets go of the items", async () => {
  const { begun, ends, work, settle } = gates();
  let closed = false;
  const items = (async function* () {
    try {
      await Promise.resolve();
      yield* [0, 1, 2, 3];
    } finally {
      closed = true;
    }
  })();
  const all = inParallel(items, work, { limit: 2 });
  let ended = false;
  const failed = rejects(all, /first/).finally(() => ended = true);
  await settle();
  ends[0]!.reject(new Error("first"));
  await settle();
  strictEqual(ended, false);
  ends[1]!.reject(new Error("second"));
  await failed;
  deepStrictEqual(begun, [0, 1]);
  strictEqual(closed, true);
});

Deno.test("inParallel() fails with its items", async () => {
  const items = (async function* () {
    yield await Promise.resolve(1);
    throw new Error("no more");
  })();
  const done: number[] = [];
  const work = (item: number) => Promise.resolve(done.push(item));
  await rejects(inParallel(items, work, { limit: 0 }), /no more/);
  deepStrictEqual(done, [1]);
});
