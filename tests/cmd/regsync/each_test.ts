import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { each } from "../../../src/cmd/regsync/each.ts";

const never = { abort: () => {} };

Deno.test("each() starts all at once and gives what failed in order", async () => {
  const gates = [1, 2, 3].map(() => Promise.withResolvers<void>());
  const started: number[] = [];
  const all = each([0, 1, 2], never, {
    work: async (item) => {
      started.push(item);
      await gates[item]?.promise;
      return item === 1 ? [] : [`failed ${item}`];
    },
  });
  deepStrictEqual(started, [0, 1, 2]);
  for (const item of [2, 1, 0]) gates[item]?.resolve();
  deepStrictEqual(await all, ["failed 0", "failed 2"]);
});

Deno.test("each() does not count what was stopped", async () => {
  const stopped = new DOMException("stop", "AbortError");
  deepStrictEqual(
    await each([1], never, { work: () => Promise.resolve([stopped, "x"]) }),
    ["x"],
  );
});

Deno.test("each() ends at the first failure in order, however late it comes", async () => {
  const slow = Promise.withResolvers<void>();
  let aborted = 0;
  const copied: number[] = [];
  const all = each([0, 1, 2], {
    inOrder: true,
    abortOnError: true,
    abort: () => aborted++,
  }, {
    work: async (item, turn) => {
      if (item === 0) {
        await slow.promise;
        return ["slow"];
      }
      if (item === 2) return ["quick"];
      try {
        await turn;
      } catch (error) {
        return [error];
      }
      copied.push(item);
      return [];
    },
  });
  await Promise.resolve();
  strictEqual(aborted, 0);
  slow.resolve();
  deepStrictEqual(await all, ["slow"]);
  strictEqual(aborted, 1);
  deepStrictEqual(copied, []);
});

Deno.test("each() gives turns in order, also past items that need none", async () => {
  const first = Promise.withResolvers<readonly unknown[]>();
  const copied: number[] = [];
  const all = each([0, 1, 2], { inOrder: true, abort: () => {} }, {
    work: async (item, turn) => {
      if (item === 0) return await first.promise;
      if (item === 1) return [];
      await turn;
      copied.push(item);
      return [];
    },
  });
  for (let i = 0; i < 10; i++) await Promise.resolve();
  deepStrictEqual(copied, []);
  first.resolve([]);
  await all;
  deepStrictEqual(copied, [2]);
});

Deno.test("each() without an order stops all as soon as one fails", async () => {
  const stop = Promise.withResolvers<void>();
  const errors = await each(
    [0, 1],
    { abortOnError: true, abort: stop.resolve },
    {
      work: async (item) => {
        if (item === 1) return ["second"];
        await stop.promise;
        return [new DOMException("stop", "AbortError")];
      },
    },
  );
  deepStrictEqual(errors, ["second"]);
});
