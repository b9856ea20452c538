import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { collect } from "../../../src/base/streams.ts";
import { Replay } from "../../../src/registry/store/replay.ts";

/** Bytes 0 to 99 in tens; counts how often they were opened. */
function source() {
  const opened: number[] = [];
  let cancelled = 0;
  const open = (offset: number) => {
    opened.push(offset);
    let at = offset;
    return Promise.resolve(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at >= 100) return controller.close();
          const chunk = Uint8Array.from(
            { length: Math.min(10, 100 - at) },
            (_, i) => at + i,
          );
          at += chunk.length;
          controller.enqueue(chunk);
        },
        cancel: () => void cancelled++,
      }, { highWaterMark: 0 }),
    );
  };
  return { open, opened, cancelled: () => cancelled };
}

async function some(
  stream: ReadableStream<Uint8Array>,
  bytes: number,
): Promise<number[]> {
  const got: number[] = [];
  for await (const chunk of stream) {
    got.push(...chunk);
    if (got.length >= bytes) break; // which cancels it
  }
  return got;
}

const from = (start: number) =>
  Array.from({ length: 100 - start }, (_, i) => start + i);

Deno.test("Replay gives kept bytes again without opening the source again", async () => {
  const { open, opened } = source();
  await using replay = new Replay(open);
  strictEqual((await some(await replay.open(0), 40)).length, 40);
  deepStrictEqual([...await collect(await replay.open(25), 100)], from(25));
  deepStrictEqual(opened, [0]);
});

Deno.test("Replay opens the source again for what it keeps no more", async () => {
  const { open, opened, cancelled } = source();
  await using replay = new Replay(open, { window: 15 });
  await some(await replay.open(0), 60);
  deepStrictEqual([...await collect(await replay.open(45), 100)], from(45));
  deepStrictEqual(opened, [0]);
  deepStrictEqual([...await collect(await replay.open(5), 100)], from(5));
  deepStrictEqual(opened, [0, 5]);
  strictEqual(cancelled() <= 1, true);
});

Deno.test("Replay gives the end again", async () => {
  const { open, opened } = source();
  await using replay = new Replay(open);
  strictEqual((await collect(await replay.open(0), 100)).length, 100);
  deepStrictEqual([...await collect(await replay.open(95), 100)], from(95));
  strictEqual((await collect(await replay.open(100), 100)).length, 0);
  deepStrictEqual(opened, [0]);
});

Deno.test("Replay passes the source's error on", async () => {
  await using replay = new Replay(() =>
    Promise.resolve(
      new ReadableStream({ pull: () => Promise.reject(new Error("broken")) }),
    )
  );
  await rejects(collect(await replay.open(0), 1), /broken/);
});

Deno.test("Replay closes the source when it is disposed, not when a stream is", async () => {
  const { open, cancelled } = source();
  const replay = new Replay(open);
  await (await replay.open(0)).cancel();
  strictEqual(cancelled(), 0);
  await replay[Symbol.asyncDispose]();
  strictEqual(cancelled(), 1);
});

Deno.test("Replay keeps less where many are in use", async () => {
  const MIB = 1024 * 1024;
  const opened: number[] = [];
  const make = () =>
    new Replay((offset) => {
      opened.push(offset);
      return Promise.resolve(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(MIB)),
        }, { highWaterMark: 0 }),
      );
    });
  /** Reads 8 MiB, and then again from 3 MiB on. */
  const rereads = async (replay: Replay) => {
    opened.length = 0;
    const reader = (await replay.open(0)).getReader();
    for (let at = 0; at < 8; at++) await reader.read();
    await (await replay.open(3 * MIB)).cancel();
    return opened.splice(0).length - 1;
  };
  {
    await using alone = make();
    strictEqual(await rereads(alone), 0);
  }
  await using others = new AsyncDisposableStack();
  for (let at = 0; at < 3; at++) {
    await (await others.use(make()).open(0)).cancel();
  }
  await using fourth = make();
  strictEqual(await rereads(fourth), 1);
});
