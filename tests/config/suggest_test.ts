import { strictEqual } from "node:assert/strict";
import { suggest } from "../../src/config/suggest.ts";

Deno.test("suggest() finds the word that was meant", () => {
  const words = ["source", "target", "type", "tags", "interval", "schedule"];
  strictEqual(suggest("tagz", words), "tags");
  strictEqual(suggest("Tags", words), "tags");
  strictEqual(suggest("shcedule", words), "schedule");
  strictEqual(suggest("intreval", words), "interval");
  strictEqual(suggest("soruces", words), "source");
});

Deno.test("suggest() prefers the nearest word and gives none that is far", () => {
  strictEqual(suggest("platfrom", ["platforms", "platform"]), "platform");
  strictEqual(suggest("rewrite", ["source", "target"]), undefined);
  strictEqual(suggest("ab", ["cd"]), undefined);
  strictEqual(suggest("x".repeat(1000), ["x"]), undefined);
});
