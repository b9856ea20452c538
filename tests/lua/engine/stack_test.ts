import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { GLOBALS } from "../../../src/lua/engine/exports.ts";
import { Instance } from "../../../src/lua/engine/instance.ts";
import { Stack } from "../../../src/lua/engine/stack.ts";
import { luaModule } from "../../../src/lua/wasm.ts";

const module = await luaModule();
const instance = new Instance(module, { memory: 32 << 20, hook: () => {} });
const L = instance.c.luaL_newstate();
const stack = new Stack(instance);

Deno.test("Stack pushes and reads strings of any size and content", () => {
  for (const size of [0, 1, 4096, 4097, 3 << 20]) {
    const bytes = new Uint8Array(size).fill(200);
    stack.pushString(L, bytes);
    deepStrictEqual(stack.bytes(L, -1), bytes);
    strictEqual(instance.c.lua_gettop(L), 1);
    instance.c.lua_settop(L, 0);
  }
  stack.pushString(L, "zwölf\0");
  strictEqual(stack.text(L, -1), "zwölf\0");
  instance.c.lua_settop(L, 0);
});

Deno.test("Stack sets and gets fields by relative and fixed places", () => {
  const { c } = instance;
  c.lua_createtable(L, 0, 0);
  c.lua_pushnumber(L, 5);
  stack.setField(L, -2, "n");
  stack.getField(L, -1, "n");
  strictEqual(c.lua_tonumber(L, -1), 5);
  stack.setField(L, GLOBALS, "kept");
  stack.getField(L, GLOBALS, "kept");
  strictEqual(c.lua_tonumber(L, -1), 5);
  strictEqual(stack.typeName(L, -1), "number");
  strictEqual(stack.typeName(L, 9), "no value");
  c.lua_settop(L, 0);
});

Deno.test("Stack remembers the address of a name", () => {
  strictEqual(stack.name("nSl"), stack.name("nSl"));
});
