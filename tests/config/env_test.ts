import { strictEqual } from "node:assert/strict";
import { homeOf, sourceDate, VARIABLES } from "../../src/config/env.ts";

const env = (values: Record<string, string>) => (name: string) => values[name];

Deno.test("sourceDate() reads both spellings, the right one first", () => {
  strictEqual(
    sourceDate(env({ SOURCE_DATE_EPOC: "1" }))?.toISOString(),
    "1970-01-01T00:00:01.000Z",
  );
  strictEqual(
    sourceDate(env({ SOURCE_DATE_EPOC: "1", SOURCE_DATE_EPOCH: "2" }))
      ?.getTime(),
    2000,
  );
  strictEqual(sourceDate(env({ SOURCE_DATE_EPOCH: "soon" })), undefined);
});

Deno.test("homeOf() takes an empty HOME for none", () => {
  strictEqual(homeOf(env({ HOME: "" })), undefined);
});

Deno.test("VARIABLES explains each in whole sentences", () => {
  for (const [name, { effect }] of Object.entries(VARIABLES)) {
    strictEqual(/^[A-Z].*\.$/.test(effect) || /`\.$/.test(effect), true, name);
  }
});
