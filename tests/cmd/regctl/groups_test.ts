import { ok, strictEqual } from "node:assert/strict";
import { lazyGroups } from "../../../src/cmd/regctl/groups.ts";

Deno.test("every group loads commands, sorted by name", async () => {
  for (const { name, load } of lazyGroups) {
    const names = (await load()).map((node) => node.name);
    ok(names.length > 0, name);
    strictEqual(names.join(), names.toSorted().join(), name);
  }
});
