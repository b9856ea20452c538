import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { coversScopes, mergeScopes } from "../../../src/registry/http/scope.ts";

Deno.test("mergeScopes() joins the known actions of a resource, and keeps the rest", () => {
  deepStrictEqual(
    mergeScopes([
      "repository:a:pull",
      "registry:catalog:*",
      "repository:b:pull",
      "repository:a:push,pull",
      "registry:catalog:*",
    ]),
    ["repository:a:pull,push", "registry:catalog:*", "repository:b:pull"],
  );
});

Deno.test("coversScopes() asks each action of each resource", () => {
  const held = ["repository:a:pull,push", "registry:catalog:*"];
  strictEqual(coversScopes(held, ["repository:a:pull"]), true);
  strictEqual(coversScopes(held, ["registry:catalog:*"]), true);
  strictEqual(coversScopes(held, []), true);
  strictEqual(coversScopes(held, ["repository:a:delete"]), false);
  strictEqual(coversScopes(held, ["repository:b:pull"]), false);
});
