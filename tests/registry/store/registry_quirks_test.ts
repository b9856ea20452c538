import { strictEqual } from "node:assert/strict";
import { quirksOf } from "../../../src/registry/store/registry_quirks.ts";

Deno.test("quirksOf() knows GHCR by name or by where it is, and expects the specification of others", () => {
  strictEqual(quirksOf({ name: "ghcr.io" }).chunks, false);
  strictEqual(quirksOf({ name: "mine", hostname: "ghcr.io" }).chunks, false);
  strictEqual(
    quirksOf({ name: "ghcr.io", hostname: "cache.example" }).chunks,
    false,
  );
  strictEqual(quirksOf({ name: "notghcr.io" }).chunks, true);
});
