import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { compileAnchored } from "../../../src/cmd/regctl/name_filter.ts";

Deno.test("compileAnchored() takes Go's expressions for the whole name", async () => {
  const keep = await compileAnchored({
    include: ["(?i)V1|w", "a.*"],
    exclude: ["ab"],
  });
  deepStrictEqual(
    ["v1", "V1", "v10", "w", "xw", "a", "abc", "ab"].filter(keep),
    ["v1", "V1", "w", "a", "abc"],
  );
});

Deno.test("compileAnchored() keeps all where nothing is asked", async () => {
  strictEqual((await compileAnchored({ include: [], exclude: [] }))("x"), true);
});

Deno.test("compileAnchored() refuses what Go refuses", async () => {
  await rejects(() => compileAnchored({ include: ["(?=x)"], exclude: [] }), {
    code: "usage",
  });
});
