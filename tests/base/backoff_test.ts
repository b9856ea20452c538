import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { backoff, retryAfter } from "../../src/base/backoff.ts";

Deno.test("backoff() doubles up to its longest", () => {
  deepStrictEqual([1, 2, 3, 4, 20].map((n) => backoff(n)), [
    200,
    400,
    800,
    1600,
    30_000,
  ]);
});

Deno.test("backoff() takes off at most its jitter", () => {
  strictEqual(backoff(1, { jitter: 0.5, random: () => 1 }), 100);
});

Deno.test("retryAfter() reads seconds and dates, and nothing else", () => {
  const now = Date.parse("Mon, 23 Nov 2026 09:00:00 GMT");
  strictEqual(retryAfter("1.5", now), 1500);
  strictEqual(retryAfter("Mon, 23 Nov 2026 09:00:07 GMT", now), 7000);
  strictEqual(retryAfter("Mon, 23 Nov 2026 08:00:00 GMT", now), 0);
  for (const bad of [null, "", "-5", "soon", "1e3"]) {
    strictEqual(retryAfter(bad, now), undefined, String(bad));
  }
});
