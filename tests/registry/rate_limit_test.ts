import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { rateLimitOf } from "../../src/registry/rate_limit.ts";

const of = (limit: string, remaining: string, reset = "") =>
  rateLimitOf(
    new Headers({
      "RateLimit-Limit": limit,
      "RateLimit-Remaining": remaining,
      "RateLimit-Reset": reset,
    }),
  );

Deno.test("rateLimitOf() reads what Docker Hub sends", () => {
  deepStrictEqual(of("100;w=21600", "76;w=21600"), {
    remain: 76,
    limit: 100,
    reset: 0,
    set: true,
    policies: ["100;w=21600"],
  });
});

Deno.test("rateLimitOf() takes the policies after a bare limit", () => {
  const { policies, limit, reset } = of("10, 100;w=60, 1000;w=3600", "5", "30");
  deepStrictEqual(policies, [" 100;w=60", " 1000;w=3600"]);
  deepStrictEqual([limit, reset], [10, 30]);
});

Deno.test("rateLimitOf() is not set without a number that remains", () => {
  strictEqual(rateLimitOf(undefined).set, false);
  strictEqual(of("100", "many").set, false);
  strictEqual(of("100", "-1").set, false);
});
