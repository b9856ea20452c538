import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { can, stack, type Transport } from "../../src/registry/core.ts";

Deno.test("stack() puts the first layer outermost", async () => {
  const seen: string[] = [];
  const layer = (name: string) => (next: Transport): Transport => (request) => {
    seen.push(name);
    return next(request);
  };
  const base: Transport = () => Promise.resolve(new Response("ok"));
  const transport = stack(base, layer("a"), layer("b"));
  await transport({ kind: "ping", registry: "x", method: "GET", path: "" });
  deepStrictEqual(seen, ["a", "b"]);
});

Deno.test("can() asks a store for an ability by name", () => {
  const store = {
    name: "x",
    host: "x",
    repository: "",
    resolve: () => Promise.reject(new Error("unused")),
    manifest: () => Promise.reject(new Error("unused")),
    open: () => Promise.reject(new Error("unused")),
    untag: () => Promise.resolve(),
  };
  strictEqual(can(store, "untag"), true);
  strictEqual(can(store, "mount"), false);
});
