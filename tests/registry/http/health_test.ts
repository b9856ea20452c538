import { deepStrictEqual } from "node:assert/strict";
import { Health } from "../../../src/registry/http/health.ts";

Deno.test("Health remembers failures until an answer or their time", () => {
  let now = 0;
  const health = new Health(() => now);
  health.failed("a", 100);
  deepStrictEqual([health.failingMs("a"), health.failingMs("b")], [100, 0]);
  now = 40;
  deepStrictEqual(health.failingMs("a"), 60);
  health.answered("a");
  deepStrictEqual(health.failingMs("a"), 0);
});

Deno.test("Health pauses a host that gets too many requests, answers or not", () => {
  let now = 0;
  const health = new Health(() => now);
  health.limited("a", 100);
  health.limited("a", 50);
  health.answered("a");
  deepStrictEqual(health.pausedMs("a"), 100);
  now = 100;
  deepStrictEqual(health.pausedMs("a"), 0);
});

Deno.test("Health keeps the fastest request", () => {
  const health = new Health();
  deepStrictEqual(health.fastestMs("a"), Infinity);
  for (const ms of [9, 3, 7]) health.measured("a", ms);
  deepStrictEqual(health.fastestMs("a"), 3);
});
