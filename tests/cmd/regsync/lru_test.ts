import { strictEqual } from "node:assert/strict";
import { Lru } from "../../../src/cmd/regsync/lru.ts";

Deno.test("Lru forgets what was not used for the longest time", () => {
  const map = new Lru<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  strictEqual(map.get("a"), 1);
  map.set("c", 3);
  strictEqual(map.get("b"), undefined);
  strictEqual(map.get("a"), 1);
  strictEqual(map.get("c"), 3);
  strictEqual(map.size, 2);
  map.delete("a");
  strictEqual(map.get("a"), undefined);
});
