import { strictEqual } from "node:assert/strict";
import { allowsRange, etagOf, isKnown } from "../../src/serve/conditions.ts";

const DIGEST = "sha256:ab";

Deno.test("isKnown() finds the digest among the client's tags, weak or strong", () => {
  for (
    const header of ['"sha256:ab"', 'W/"sha256:ab"', '"x", "sha256:ab"', "*"]
  ) {
    strictEqual(isKnown(header, DIGEST), true, header);
  }
  for (const header of [null, "", "sha256:ab", '"sha256:abc"']) {
    strictEqual(isKnown(header, DIGEST), false, String(header));
  }
});

Deno.test("allowsRange() wants the strong tag, where there is a condition", () => {
  strictEqual(allowsRange(null, DIGEST), true);
  strictEqual(allowsRange(etagOf(DIGEST), DIGEST), true);
  strictEqual(allowsRange(`W/${etagOf(DIGEST)}`, DIGEST), false);
  strictEqual(allowsRange("Mon, 23 Nov 2026 00:00:00 GMT", DIGEST), false);
});
