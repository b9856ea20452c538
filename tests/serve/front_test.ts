import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Log, type LogAttributes } from "../../src/base/log.ts";
import { front } from "../../src/serve/front.ts";

function lines() {
  const all: LogAttributes[] = [];
  const log = new Log(0, ({ attributes }) => void all.push(attributes));
  return { all, log };
}

const api = () => Promise.resolve(new Response("hello", { status: 202 }));

Deno.test("front() answers the health check by itself, and logs it not", async () => {
  const { all, log } = lines();
  const never = () => Promise.reject(new Error("asked"));
  const handler = front(never, { authenticate: never, log });
  const answer = await handler(new Request("http://h/healthz"));
  strictEqual(await answer.text(), "ok\n");
  strictEqual(all.length, 0);
});

Deno.test("front() logs who got what, once the answer is sent", async () => {
  const { all, log } = lines();
  const authenticate = () => Promise.resolve({ user: "ann" });
  const handler = front(api, { authenticate, log });
  const sent = Promise.withResolvers<void>();
  const request = new Request("http://h/v2/a/tags/list?n=1", {
    headers: { "user-agent": "test", authorization: "Basic c2VjcmV0" },
  });
  await handler(request, { remote: "1.2.3.4:5", completed: sent.promise });
  strictEqual(all.length, 0);
  sent.resolve();
  await sent.promise;
  await Promise.resolve();
  const { ms, ...rest } = all[0] ?? {};
  strictEqual(typeof ms, "number");
  deepStrictEqual(rest, {
    method: "GET",
    path: "/v2/a/tags/list?n=1",
    status: 202,
    bytes: 0,
    remote: "1.2.3.4:5",
    user: "ann",
    agent: "test",
  });
});

Deno.test("front() logs requests that were refused", async () => {
  const { all, log } = lines();
  const refused = new Response(null, { status: 401 });
  const handler = front(api, {
    authenticate: () => Promise.resolve({ user: "", answer: refused }),
    log,
  });
  const answer = await handler(new Request("http://h/v2/"));
  strictEqual(answer.status, 401);
  await Promise.resolve();
  strictEqual(all[0]?.["status"], 401);
});

Deno.test("front() refuses a request whose host is none", async () => {
  const { all, log } = lines();
  // What a server makes of the header `Host: a b`.
  const request = new Proxy(new Request("http://h/v2/"), {
    get: (_, key) => key === "url" ? "http://a b/v2/" : undefined,
  });
  const { status } = await front(api, { log })(request);
  strictEqual(status, 400);
  strictEqual(all.length, 0);
});
