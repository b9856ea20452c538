import { match, ok, strictEqual } from "node:assert/strict";
import { DEFINITIONS } from "../../../src/lua/api/mod.ts";
import { interfacePage, luaTypes } from "../../../src/lua/api/types.ts";
import { run } from "../run.ts";

Deno.test("luaTypes() is Lua, and declares every function", () => {
  const types = luaTypes();
  strictEqual(run(types).outcome.type, "done");
  for (const { name, hidden } of DEFINITIONS) {
    if (!hidden) ok(types.includes(`function ${name}(`), name);
  }
  match(types, /---@field Digest string\n---@field digest string/);
});

Deno.test("interfacePage() documents every function with its parameters", () => {
  const page = interfacePage();
  match(page, /## `tag\.ls\(ref, \[options\]\)`/);
  match(page, /## `<manifest>:put\(ref\)`/);
  match(page, /## `<reference>:tag\(\[tag\]\)`/);
});

Deno.test("docs/regbot-lua.md is the page as it is now", async () => {
  const url = new URL("../../../docs/regbot-lua.md", import.meta.url);
  // The formatter breaks lines elsewhere.
  const plain = (text: string) => text.replace(/\s+/g, " ").trim();
  strictEqual(plain(await Deno.readTextFile(url)), plain(interfacePage()));
});
