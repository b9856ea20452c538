import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { ApiError } from "../../src/serve/api_error.ts";
import { drain, receive, receiveAll } from "../../src/serve/receive.ts";

const LIMITS = { max: 100, idleMs: 60_000 };
const answers = (status: number) => (error: unknown) =>
  error instanceof ApiError && error.status === status;

function bytes(...sizes: number[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(sizes.map((size) => new Uint8Array(size)));
}

/** A stream whose bytes never come, and whether it was let go. */
function silence() {
  const seen = { cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    cancel: () => void (seen.cancelled = true),
  });
  return { stream, seen };
}

Deno.test("receive() hands on the chunks and counts them", async () => {
  const sizes: number[] = [];
  const take = (chunk: Uint8Array) => void sizes.push(chunk.length);
  strictEqual(await receive(bytes(3, 4), take, LIMITS), 7);
  deepStrictEqual(sizes, [3, 4]);
  strictEqual(await receive(null, take, LIMITS), 0);
});

Deno.test("receive() stops at the limit, without handing on what is beyond", async () => {
  let taken = 0;
  const take = (chunk: Uint8Array) => void (taken += chunk.length);
  await rejects(receive(bytes(60, 60, 60), take, LIMITS), answers(413));
  strictEqual(taken, 60);
});

Deno.test("receive() gives up a client that went silent", async () => {
  const { stream, seen } = silence();
  const limits = { max: 1, idleMs: 1 };
  await rejects(receive(stream, () => {}, limits), answers(408));
  strictEqual(seen.cancelled, true);
});

Deno.test("receive() stops when it is told to", async () => {
  const { stream, seen } = silence();
  const controller = new AbortController();
  const receiving = receive(stream, () => {}, {
    ...LIMITS,
    signal: controller.signal,
  });
  controller.abort(new ApiError("DENIED", "enough"));
  await rejects(receiving, answers(403));
  strictEqual(seen.cancelled, true);
});

Deno.test("receive() answers 400 to a connection that broke", async () => {
  const broken = new ReadableStream<Uint8Array>({
    pull: () => Promise.reject(new TypeError("connection reset")),
  });
  await rejects(receive(broken, () => {}, LIMITS), answers(400));
});

Deno.test("receiveAll() gives the bytes in one piece", async () => {
  const parts = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  const all = await receiveAll(ReadableStream.from(parts), LIMITS);
  deepStrictEqual([...all], [1, 2, 3]);
});

Deno.test("drain() reads a little of what nobody wants, then lets go", async () => {
  let given = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      given++;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
  });
  await drain(endless);
  strictEqual(given < 10, true, `${given} chunks were read`);
  await drain(null);
});
