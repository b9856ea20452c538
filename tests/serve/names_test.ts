import { strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { ApiError } from "../../src/serve/api_error.ts";
import {
  checkDigest,
  checkName,
  checkReference,
  checkTag,
} from "../../src/serve/names.ts";

const refuses = (code: string) => (error: unknown) =>
  error instanceof ApiError && error.entries[0]?.code === code;

Deno.test("checkName() takes names of the specification", () => {
  for (const name of ["a", "a/b", "a.b/c_d/e__f/g--h", "0/blobs/uploads"]) {
    strictEqual(checkName(name), name);
  }
});

Deno.test("checkName() refuses what could lead elsewhere on a disk", () => {
  const tricks = fc.constantFrom("..", ".", "", "%2e%2e", "\\", "\0", "A", "_");
  const parts = fc.array(fc.oneof(tricks, fc.string()), { minLength: 1 });
  fc.assert(fc.property(parts, fc.nat(9), tricks, (parts, at, trick) => {
    const name = [...parts.slice(0, at), trick, ...parts.slice(at)].join("/");
    throws(() => checkName(name), refuses("NAME_INVALID"));
  }));
});

Deno.test("checkName() refuses what is too long", () => {
  strictEqual(checkName("a".repeat(255)).length, 255);
  throws(() => checkName("a".repeat(256)), refuses("NAME_INVALID"));
});

Deno.test("checkDigest() and checkTag() refuse each other's form", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  strictEqual(checkDigest(digest), digest);
  strictEqual(checkTag("v1.0_x-y"), "v1.0_x-y");
  for (const text of ["v1", "sha256:x", "md5:ab", "../../etc/passwd:", ""]) {
    throws(() => checkDigest(text), refuses("DIGEST_INVALID"));
  }
  for (const text of [digest, "", ".x", "a/b", "..", "a".repeat(129)]) {
    throws(() => checkTag(text), refuses("TAG_INVALID"));
  }
});

Deno.test("checkReference() tells tags from digests by the colon", () => {
  strictEqual(checkReference("latest"), "latest");
  throws(() => checkReference("sha256:zz"), refuses("DIGEST_INVALID"));
  throws(() => checkReference("../x"), refuses("TAG_INVALID"));
});
