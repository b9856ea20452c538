import { strictEqual } from "node:assert/strict";
import { RegistryFacts } from "../../../src/registry/store/registry_facts.ts";

Deno.test("RegistryFacts keeps the smallest chunk, and no nonsense", () => {
  const facts = new RegistryFacts();
  strictEqual(facts.chunkMinimum("r"), 0);
  facts.learnChunkMinimum("r", 5);
  for (const bytes of [NaN, -1, 0, 1.5]) facts.learnChunkMinimum("r", bytes);
  strictEqual(facts.chunkMinimum("r"), 5);
  strictEqual(facts.chunkMinimum("other"), 0);
});

Deno.test("RegistryFacts remembers who has no referrers API", () => {
  const facts = new RegistryFacts();
  facts.learnNoReferrers("r/a");
  strictEqual(facts.lacksReferrers("r/a"), true);
  strictEqual(facts.lacksReferrers("r/b"), false);
});
