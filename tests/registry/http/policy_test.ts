import { strictEqual } from "node:assert/strict";
import {
  fixedPolicy,
  type Policy,
  singlePolicy,
  type Weight,
} from "../../../src/registry/http/policy.ts";

async function admits(policy: Policy, weight: Weight): Promise<number> {
  let count = 0;
  const controller = new AbortController();
  const waiting = Array.from(
    { length: 30 },
    () =>
      policy.acquire(weight, { signal: controller.signal }).then(
        () => count++,
        () => {},
      ),
  );
  await Promise.resolve().then(() => {}).then(() => {});
  controller.abort(new Error("enough"));
  await Promise.all(waiting);
  return count;
}

Deno.test("fixedPolicy() lets 16 small requests and 4 blobs each way in", async () => {
  const policy = fixedPolicy();
  strictEqual(await admits(policy, "download"), 4);
  strictEqual(await admits(policy, "upload"), 4);
  strictEqual(await admits(policy, "small"), 16);
});

Deno.test("singlePolicy() counts all together and lets small ones go first", async () => {
  const policy = singlePolicy(1);
  const first = await policy.acquire("small");
  const order: Weight[] = [];
  const wait = (weight: Weight) =>
    policy.acquire(weight).then((slot) => {
      order.push(weight);
      slot[Symbol.dispose]();
    });
  const all = [wait("download"), wait("upload"), wait("small")];
  first[Symbol.dispose]();
  await Promise.all(all);
  strictEqual(order.join(), "small,download,upload");
});
