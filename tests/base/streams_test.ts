import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  collect,
  counted,
  fromBytes,
  fromIterator,
  limited,
  skipped,
  tapped,
} from "../../src/base/streams.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

Deno.test("collect() joins chunks, and refuses more than it may hold", async () => {
  deepStrictEqual(
    await collect(fromBytes(bytes(1), bytes(2, 3)), 3),
    bytes(1, 2, 3),
  );
  await rejects(collect(fromBytes(bytes(1), bytes(2, 3)), 2), {
    code: "limit",
  });
});

Deno.test("counted() tells the length of each chunk", async () => {
  const seen: number[] = [];
  await collect(
    counted(fromBytes(bytes(1), bytes(2, 3)), (n) => seen.push(n)),
    3,
  );
  deepStrictEqual(seen, [1, 2]);
});

Deno.test("limited() errors the stream beyond the limit", async () => {
  await rejects(collect(limited(fromBytes(bytes(1, 2, 3)), 2), 9), {
    code: "limit",
  });
  strictEqual((await collect(limited(fromBytes(bytes(1, 2)), 2), 9)).length, 2);
});

Deno.test("skipped() drops the first bytes across chunks", async () => {
  const rest = skipped(fromBytes(bytes(1, 2), bytes(3, 4)), 3);
  deepStrictEqual(await collect(rest, 9), bytes(4));
});

Deno.test("tapped() cancels its source when a look at a chunk throws", async () => {
  let cancelled = false;
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytes(1)),
    cancel: () => void (cancelled = true),
  });
  const stream = tapped(source, () => {
    throw new Error("no");
  });
  await rejects(collect(stream, 9), /no/);
  strictEqual(cancelled, true);
});

Deno.test("fromIterator() lets go of its source when it is cancelled unread", async () => {
  const log: string[] = [];
  const numbers = async function* () {
    yield Uint8Array.of(1);
    await Promise.resolve();
    yield Uint8Array.of(2);
  };
  const release = () => void log.push("released");
  const read = fromIterator(numbers(), release);
  deepStrictEqual([...await collect(read, 9)], [1, 2]);
  deepStrictEqual(log, []);
  await fromIterator(numbers(), release).cancel();
  deepStrictEqual(log, ["released"]);
});
