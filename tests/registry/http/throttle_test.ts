import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { collect } from "../../../src/base/streams.ts";
import type { RegistryRequest } from "../../../src/registry/core.ts";
import { Health } from "../../../src/registry/http/health.ts";
import { readError } from "../../../src/registry/http/response_error.ts";
import { release } from "../../../src/registry/http/responses.ts";
import { Throttle } from "../../../src/registry/http/throttle.ts";
import { answer, hosts, request } from "../../support/transport.ts";

const LIMITED = { name: "registry.example", reqConcurrent: 1 };

/** A throttle over a transport whose answers the test gives. */
function throttled(
  host: typeof LIMITED | { name: string; reqPerSec: number } = LIMITED,
) {
  const health = new Health();
  const throttle = new Throttle({ hosts: hosts(host), health });
  const waiting: ((response: Response | Promise<Response>) => void)[] = [];
  const send = throttle.layer()(() =>
    new Promise<Response>((resolve) => waiting.push(resolve))
  );
  return { throttle, health, waiting, send };
}

/** Lets everything run that can. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("throttle() holds its slot until the body is read or cancelled", async () => {
  for (const end of ["read", "cancel"]) {
    const { send, waiting } = throttled();
    const first = send(request());
    const second = send(request());
    await settle();
    strictEqual(waiting.length, 1);
    waiting[0]?.(answer("body"));
    const response = await first;
    await settle();
    strictEqual(waiting.length, 1, "the body is still open");
    if (end === "read") await response.text();
    else await response.body?.cancel();
    await settle();
    strictEqual(waiting.length, 2, end);
    waiting[1]?.(answer(null));
    await second;
  }
});

Deno.test("throttle() frees its slot for an error and for an answer without a body", async () => {
  const { send, waiting } = throttled();
  const first = send(request()).catch((error: Error) => error.message);
  await settle();
  waiting[0]?.(Promise.reject(new Error("broken")));
  strictEqual(await first, "broken");
  const second = send(request({ method: "HEAD" }));
  await settle();
  waiting[1]?.(answer(null));
  await second;
  const third = send(request());
  await settle();
  strictEqual(waiting.length, 3);
  waiting[2]?.(answer(null));
  await third;
});

Deno.test("throttle() leaves a raw body untouched and frees its slot on release", async () => {
  const { send, waiting } = throttled();
  const first = send(request({ kind: "blob", raw: true }));
  await settle();
  const given = answer("body");
  waiting[0]?.(given);
  const response = await first;
  strictEqual(response.body, given.body);
  await response.text();
  const second = send(request());
  await settle();
  strictEqual(waiting.length, 1);
  release(response);
  await settle();
  strictEqual(waiting.length, 2);
  waiting[1]?.(answer(null));
  await second;
});

Deno.test("throttle() sends small requests before blobs that wait", async () => {
  const { send, waiting } = throttled();
  const order: string[] = [];
  const first = send(request());
  await settle();
  const later = (["blob", "manifest"] as const).map((kind) =>
    send(request({ kind })).then(() => order.push(kind))
  );
  waiting[0]?.(answer(null));
  await first;
  for (const at of [1, 2]) {
    await settle();
    waiting[at]?.(answer(null));
  }
  await Promise.all(later);
  deepStrictEqual(order, ["manifest", "blob"]);
});

Deno.test("throttle() lets a request pass whose slots are held", async () => {
  const { throttle, send, waiting } = throttled();
  const slots = await throttle.acquire([
    { registry: "registry.example", weight: "upload" },
    { registry: "registry.example", weight: "download" },
  ]);
  const held = send(request({ held: true }));
  const other = send(request());
  await settle();
  strictEqual(waiting.length, 1);
  waiting[0]?.(answer(null));
  await held;
  slots[Symbol.dispose]();
  await settle();
  strictEqual(waiting.length, 2);
  waiting[1]?.(answer(null));
  await other;
});

Deno.test("throttle() lets an upload read its bytes from the same host", async () => {
  const throttle = new Throttle({
    hosts: hosts(LIMITED),
    health: new Health(),
  });
  const send = throttle.layer()(async (r: RegistryRequest) => {
    if (r.body === undefined || r.body instanceof Uint8Array) {
      return answer("bytes");
    }
    return answer(await collect(await r.body.open(), 100));
  });
  const response = await send(request({
    kind: "upload",
    method: "PUT",
    body: {
      size: 5,
      open: async () =>
        (await send(request({ kind: "blob" }))).body ?? new ReadableStream(),
    },
  }));
  strictEqual(await response.text(), "bytes");
});

Deno.test("throttle() leaves a host alone that answers 429, and no other", async () => {
  const { health, send, waiting } = throttled();
  const headers = { "retry-after": "7" };
  const busy = await readError("GET", answer("", { status: 429, headers }));
  const sent = send(request()).catch(() => {});
  await settle();
  waiting[0]?.(Promise.reject(busy));
  await sent;
  const left = health.pausedMs("registry.example");
  strictEqual(left > 6000 && left <= 7000, true, String(left));
  strictEqual(health.pausedMs("other.example"), 0);
});

Deno.test("throttle() spaces the starts of requests by reqPerSec", async () => {
  const { send, waiting } = throttled({
    name: "registry.example",
    reqPerSec: 20,
  });
  const started = performance.now();
  const all = [1, 2, 3].map(() => send(request()));
  for (let at = 0; at < 3; at++) {
    while (waiting.length <= at) await settle();
    waiting[at]?.(answer(null));
  }
  await Promise.all(all);
  const took = performance.now() - started;
  strictEqual(took >= 95, true, `${took} ms for three at 20 a second`);
});
