import { doesNotThrow, strictEqual, throws } from "node:assert/strict";
import {
  type AllowLists,
  checkRegistry,
  checkRepository,
  mayRead,
} from "../../../src/lua/api/allow.ts";
import { parseReference } from "../../../src/registry/reference.ts";

const allowed = (pattern: string, ref: string) => {
  try {
    checkRepository({ read: [pattern] }, "read", parseReference(ref));
    return true;
  } catch {
    return false;
  }
};

Deno.test("checkRepository() matches registries, repositories and stars", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["*", "ghcr.io/a/b", true],
    ["ghcr.io", "ghcr.io/a/b:v1", true],
    ["ghcr.io", "ghcr.io.evil.example/a", false],
    ["ghcr.io", "evil.example/ghcr.io", false],
    ["ghcr.io/a/*", "ghcr.io/a/b/c", true],
    ["ghcr.io/a/*", "ghcr.io/ab", false],
    ["ghcr.io/a/b", "ghcr.io/a/b@sha256:" + "0".repeat(64), true],
    ["ghcr.io/a/b", "ghcr.io/a/bc", false],
    ["ghcr.io/*/app", "ghcr.io/x/y/app", true],
    ["ghcr.io/*/app", "ghcr.io/x/apps", false],
    ["docker.io/library/*", "alpine", true],
    ["docker.io", "alpine", true],
    ["localhost:5000", "localhost:5001/a", false],
    ["*/app", "ghcr.io/app", true],
    ["ghcr.io/a*a", "ghcr.io/a", false],
  ];
  for (const [pattern, ref, expected] of cases) {
    strictEqual(allowed(pattern, ref), expected, `${pattern} ${ref}`);
  }
});

Deno.test("checkRepository() allows all where a list is left out, and names the key where it is not", () => {
  const lists: AllowLists = { delete: [] };
  const ref = parseReference("ghcr.io/a:b");
  doesNotThrow(() => checkRepository(lists, "write", ref));
  throws(
    () => checkRepository(lists, "delete", ref),
    /"ghcr.io\/a" is not allowed; add it to "allow.delete"/,
  );
});

Deno.test("checkRegistry() asks for a pattern that covers the registry", () => {
  doesNotThrow(() => checkRegistry({}, "ghcr.io"));
  doesNotThrow(() => checkRegistry({ read: ["ghcr.io/*"] }, "ghcr.io"));
  throws(() => checkRegistry({ read: ["ghcr.io/a"] }, "ghcr.io"), /allow.read/);
});

Deno.test("mayRead() names variables one by one", () => {
  strictEqual(mayRead({ env: ["A"] }, "A"), true);
  strictEqual(mayRead({ env: ["A"] }, "B"), false);
  strictEqual(mayRead({}, "A"), false);
});
