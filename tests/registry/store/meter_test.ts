import { deepStrictEqual } from "node:assert/strict";
import { fromBytes } from "../../../src/base/streams.ts";
import { Meter } from "../../../src/registry/store/meter.ts";

Deno.test("Meter takes back what an upload that starts anew has told", async () => {
  const told: number[] = [];
  const meter = new Meter((bytes) => told.push(bytes));
  const send = (count: number) =>
    new Response(meter.through(fromBytes(new Uint8Array(count)))).bytes();
  await send(10);
  meter.stand(10);
  meter.stand(4);
  await send(6);
  deepStrictEqual(told, [10, -6, 6]);
});
