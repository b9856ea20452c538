import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { collect, fromBytes } from "../../../src/base/streams.ts";
import {
  bind,
  discard,
  onEnd,
  release,
  withBody,
  withUrl,
} from "../../../src/registry/http/responses.ts";
import { answer } from "../../support/transport.ts";

function lease() {
  let count = 0;
  return { [Symbol.dispose]: () => void count++, count: () => count };
}

Deno.test("withBody() keeps status, headers and URL, and gives 204 no body", () => {
  const made = withBody(
    answer("a", {
      status: 206,
      headers: { x: "y" },
      url: "https://u.example/",
    }),
    null,
  );
  deepStrictEqual([made.status, made.headers.get("x"), made.url], [
    206,
    "y",
    "https://u.example/",
  ]);
  strictEqual(
    withBody(new Response(null, { status: 204 }), new ReadableStream()).body,
    null,
  );
  strictEqual(
    withUrl(new Response(), "https://u.example/").url,
    "https://u.example/",
  );
});

Deno.test("bind() disposes at the end, at a break and at cancel, at once without a body", async () => {
  const read = lease();
  await bind(answer("a"), read).text();
  const broken = lease();
  const body = new ReadableStream({
    pull: () => Promise.reject(new Error("reset")),
  });
  await rejects(bind(answer(body), broken).text(), /reset/);
  const cancelled = lease();
  await discard(bind(answer("a"), cancelled));
  const empty = lease();
  bind(answer(null), empty);
  deepStrictEqual([read, broken, cancelled, empty].map((one) => one.count()), [
    1,
    1,
    1,
    1,
  ]);
});

Deno.test("bind() keeps the lease of a raw answer until release()", async () => {
  const held = lease();
  const response = bind(answer("a"), held, { raw: true });
  await response.text();
  strictEqual(held.count(), 0);
  release(response);
  strictEqual(held.count(), 1);
});

Deno.test("onEnd() tells once that a stream has ended", async () => {
  let ends = 0;
  const stream = onEnd(fromBytes(new Uint8Array(1)), () => void ends++);
  strictEqual((await collect(stream, 9)).length, 1);
  strictEqual(ends, 1);
});
