import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Batcher } from "../../src/base/batcher.ts";

Deno.test("Batcher works on what gathered meanwhile, in one batch and in order", async () => {
  const batches: string[] = [];
  const gate = Promise.withResolvers<void>();
  const batcher = new Batcher<string, string>(async (items) => {
    batches.push(items.join(""));
    await gate.promise;
    return items.map((item) => ({ result: item.toUpperCase() }));
  });
  const all = [..."abcd"].map((item) => batcher.run(item));
  gate.resolve();
  deepStrictEqual(await Promise.all(all), ["A", "B", "C", "D"]);
  strictEqual(await batcher.run("e"), "E");
  deepStrictEqual(batches, ["a", "bcd", "e"]);
});

Deno.test("Batcher fails the items that failed, and no others", async () => {
  const batcher = new Batcher<number, number>((items) =>
    Promise.resolve(
      items.map((item) =>
        item % 2 === 0 ? { result: item } : { error: new Error(`odd ${item}`) }
      ),
    )
  );
  const [first, odd, even] = [batcher.run(0), batcher.run(1), batcher.run(2)];
  await rejects(odd, /odd 1/);
  deepStrictEqual([await first, await even], [0, 2]);
});

Deno.test("Batcher fails a whole batch, and goes on with the next", async () => {
  let turn = 0;
  const batcher = new Batcher<number, number>((items) =>
    turn++ === 0
      ? Promise.reject(new Error("broken"))
      : Promise.resolve(items.map((item) => ({ result: item })))
  );
  const first = batcher.run(1);
  const second = batcher.run(2);
  await rejects(first, /broken/);
  strictEqual(await second, 2);
});

Deno.test("Batcher takes away an item whose caller gave up, and no other", async () => {
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const batcher = new Batcher<string, void>(async (items) => {
    seen.push(...items);
    await gate.promise;
    return items.map(() => ({ result: undefined }));
  });
  const controller = new AbortController();
  const { signal } = controller;
  const worked = rejects(batcher.run("a", { signal }), /enough/);
  const waiting = rejects(batcher.run("b", { signal }), /enough/);
  const other = batcher.run("c");
  controller.abort(new Error("enough"));
  await Promise.all([worked, waiting]);
  gate.resolve();
  await other;
  await rejects(batcher.run("d", { signal }), /enough/);
  deepStrictEqual(seen, ["a", "c"]);
});
