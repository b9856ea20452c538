import { strictEqual } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import { rateLimitViewOf } from "../../src/view/rate_limit.ts";

Deno.test("a rate limit shows what the headers say", () => {
  const headers = new Headers({
    "RateLimit-Limit": "100;w=21600",
    "RateLimit-Remaining": "76;w=21600",
  });
  strictEqual(
    renderTemplate("{{json .}}", rateLimitViewOf(headers)),
    '{"Remain":76,"Limit":100,"Reset":0,"Set":true,"Policies":["100;w=21600"]}\n',
  );
  strictEqual(
    renderTemplate("{{json .}}", rateLimitViewOf(undefined)),
    '{"Remain":0,"Limit":0,"Reset":0,"Set":false,"Policies":null}\n',
  );
});
