import { rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { patience } from "../../../src/registry/http/patience.ts";
import { answer, answers, request } from "../../support/transport.ts";

/** A body that gives a byte and then nothing more. */
const stalling = () =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
  });

for (const kind of ["manifest", "list", "token", "ping"] as const) {
  Deno.test(`patience() breaks the body of a ${kind} that falls silent`, async () => {
    const { next } = answers(answer(stalling()));
    const response = await patience({ timeoutMs: 5 })(next)(request({ kind }));
    await rejects(response.text(), (error) => isRegError(error, "timeout"));
  });
}

Deno.test("patience() breaks the body of an error, of a blob too", async () => {
  const { next } = answers(answer(stalling(), { status: 404 }));
  const layer = patience({ timeoutMs: 5 })(next);
  const response = await layer(request({ kind: "blob" }));
  strictEqual(response.status, 404);
  await rejects(response.text(), (error) => isRegError(error, "timeout"));
});

Deno.test("patience() breaks the body of an error that comes byte by byte for too long", async () => {
  let byte: Promise<unknown> = Promise.resolve();
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      byte = new Promise((resolve) => setTimeout(resolve, 1));
      await byte;
      controller.enqueue(new Uint8Array(1));
    },
  });
  const { next } = answers(answer(endless, { status: 500 }));
  const response = await patience({ timeoutMs: 20 })(next)(request({}));
  await rejects(response.text(), (error) => isRegError(error, "timeout"));
  await byte; // the timer of the last one outlives the body
});

Deno.test("patience() hands a blob's body on untouched", async () => {
  const given = answer(stalling());
  const { next } = answers(given);
  const layer = patience({ timeoutMs: 5 })(next);
  strictEqual(await layer(request({ kind: "blob" })), given);
  await given.body?.cancel();
});
