import { strictEqual, throws } from "node:assert/strict";
import {
  algorithmOf,
  createHasher,
  digestOf,
  hexOf,
  isDigest,
  parseDigest,
} from "../../src/registry/digest.ts";

const EMPTY =
  "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

Deno.test("digestOf() computes each algorithm", () => {
  const none = new Uint8Array();
  strictEqual(digestOf(none), EMPTY);
  strictEqual(hexOf(digestOf(none, "sha384")).length, 96);
  strictEqual(hexOf(digestOf(none, "sha512")).length, 128);
  throws(() => createHasher("md5"), /algorithm md5 is not available/);
  throws(() => createHasher("constructor"), /not available/);
});

Deno.test("parseDigest() says what is wrong", () => {
  strictEqual(parseDigest(EMPTY), EMPTY);
  const format = /invalid checksum digest format/;
  throws(() => parseDigest("sha256"), format);
  throws(() => parseDigest(`sha256:${"A".repeat(64)}`), format);
  throws(() => parseDigest("sha256:abc"), /invalid checksum digest length/);
  const md5 = `md5:${"0".repeat(32)}`;
  throws(() => parseDigest(md5), /unsupported digest algorithm/);
});

Deno.test("isDigest() refuses what could leave a folder", () => {
  strictEqual(isDigest(EMPTY), true);
  strictEqual(isDigest("sha256:../../etc"), false);
  strictEqual(isDigest(`${EMPTY}:x`), false);
  strictEqual(isDigest(`toString:${hexOf(EMPTY)}`), false);
  strictEqual(algorithmOf(EMPTY), "sha256");
});
