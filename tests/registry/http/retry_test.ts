import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { RegError } from "../../../src/base/errors.ts";
import { NetworkError } from "../../../src/registry/http/network_error.ts";
import { readError } from "../../../src/registry/http/response_error.ts";
import { isTransient, retry } from "../../../src/registry/http/retry.ts";
import { answer, answers, request } from "../../support/transport.ts";

const failure = (status: number, headers: Record<string, string> = {}) =>
  readError("GET", answer("", { status, headers }));

async function attempts(
  list: readonly (Response | Error)[],
  options: { readonly retries?: number; readonly harmless?: boolean } = {},
) {
  const waits: number[] = [];
  const { next, asked } = answers(...list);
  const layer = retry({
    retries: options.retries,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
  const outcome = await layer(next)(request({ harmless: options.harmless }))
    .then(({ status }) => status, (error: Error) => error.message);
  return { outcome, waits, sent: asked.length };
}

Deno.test("retry() tries 408, 429, 500, 502, 503, 504 and broken connections again", async () => {
  for (const status of [408, 429, 500, 502, 503, 504]) {
    const { outcome, waits } = await attempts([
      await failure(status),
      answer(),
    ]);
    deepStrictEqual([outcome, waits], [200, [200]], String(status));
  }
  const { outcome } = await attempts([
    new RegError("network", "reset"),
    answer(),
  ]);
  strictEqual(outcome, 200);
});

Deno.test("retry() doubles its waits and gives up after the last", async () => {
  const { waits, sent, outcome } = await attempts([await failure(500)]);
  deepStrictEqual(waits, [200, 400, 800, 1600, 3200]);
  strictEqual(sent, 6);
  deepStrictEqual(/\[http 500\]/.test(String(outcome)), true);
  strictEqual((await attempts([await failure(500)], { retries: 1 })).sent, 2);
});

Deno.test("retry() waits as long as Retry-After says", async () => {
  const busy = await failure(429, { "retry-after": "3" });
  deepStrictEqual((await attempts([busy, answer()])).waits, [3000]);
});

Deno.test("retry() does not sleep for hours because a server says so", async () => {
  const busy = await failure(429, { "retry-after": "99999999" });
  const { sent, waits, outcome } = await attempts([busy, answer()]);
  deepStrictEqual([sent, waits], [1, []]);
  strictEqual(/\[http 429\]/.test(String(outcome)), true);
});

Deno.test("retry() sends once what no wait makes better", async () => {
  for (const status of [400, 401, 403, 404, 405, 409, 416, 501]) {
    strictEqual(
      (await attempts([await failure(status)])).sent,
      1,
      String(status),
    );
  }
  strictEqual((await attempts([new RegError("mismatch", "x")])).sent, 1);
  strictEqual(
    (await attempts([
      new NetworkError("Cannot reach", "invalid peer certificate"),
    ]))
      .sent,
    1,
  );
  strictEqual(
    (await attempts([await failure(500)], { harmless: true })).sent,
    1,
  );
});

Deno.test("retry() stops waiting when its signal aborts", async () => {
  const controller = new AbortController();
  const { next, asked } = answers(new RegError("network", "reset"));
  const sent = retry()((r) =>
    next(r).finally(() => controller.abort(new Error("stop")))
  )(
    request({ signal: controller.signal }),
  );
  await rejects(sent, /stop/);
  strictEqual(asked.length, 1);
});

Deno.test("isTransient() says no to errors of the program", () => {
  strictEqual(isTransient(new TypeError("x")), false);
  strictEqual(isTransient(new RegError("timeout", "x")), true);
});
