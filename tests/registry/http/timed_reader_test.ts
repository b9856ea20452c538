import { rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { TimedReader } from "../../../src/registry/http/timed_reader.ts";

/** A body that never gives anything, and tells when it is cancelled. */
function silent() {
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    cancel: () => resolve(),
  });
  return { body, cancelled };
}

Deno.test("TimedReader.read() gives up on a body that gives nothing, and cancels it", async () => {
  const { body, cancelled } = silent();
  const reader = new TimedReader(body, { timeoutMs: 5 });
  await rejects(reader.read(), (error) => isRegError(error, "timeout"));
  await cancelled;
});

Deno.test("TimedReader.read() gives up on a body that takes too long as a whole", async () => {
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
  });
  const reader = new TimedReader(body, { timeoutMs: 10_000, totalMs: 5 });
  const readAll = async () => {
    while (!(await reader.read()).done);
  };
  await rejects(readAll(), (error) => isRegError(error, "timeout"));
});

Deno.test("TimedReader.read() ends with the signal's reason", async () => {
  const { body, cancelled } = silent();
  const controller = new AbortController();
  const reader = new TimedReader(body, { signal: controller.signal });
  const reading = reader.read();
  controller.abort(new Error("stopped"));
  await rejects(reading, { message: "stopped" });
  await cancelled;
});

Deno.test("TimedReader.read() does not count the time between two reads", async () => {
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
  });
  const reader = new TimedReader(body, { timeoutMs: 5 });
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 15));
  strictEqual((await reader.read()).done, false);
  await reader.cancel(undefined);
});
