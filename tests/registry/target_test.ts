import { strictEqual, throws } from "node:assert/strict";
import { expectDigest, targetTag } from "../../src/registry/target.ts";
import { parseReference } from "../../src/registry/reference.ts";

const ONE = `sha256:${"1".repeat(64)}`;
const TWO = `sha256:${"2".repeat(64)}`;

Deno.test("expectDigest() takes the digest of the reference alone, and any where it has none", () => {
  expectDigest(parseReference("r.example/a:v1"), ONE);
  expectDigest(parseReference(`r.example/a:v1@${ONE}`), ONE);
  throws(() => expectDigest(parseReference(`r.example/a@${ONE}`), TWO), {
    code: "mismatch",
    message: `manifest digest mismatch, expected ${ONE}, computed ${TWO}`,
  });
});

Deno.test("targetTag() is latest where nothing is named, none where only a digest is", () => {
  const tag = (text: string) => targetTag(parseReference(text));
  strictEqual(tag("ocidir://a"), "latest");
  strictEqual(tag("ocidir://a:v1"), "v1");
  strictEqual(tag(`r.example/a:v1@${ONE}`), "v1");
  strictEqual(tag(`r.example/a@${ONE}`), undefined);
});
