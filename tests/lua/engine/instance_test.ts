import { ok, strictEqual, throws } from "node:assert/strict";
import { Ended, Instance } from "../../../src/lua/engine/instance.ts";
import { luaModule } from "../../../src/lua/wasm.ts";

const module = await luaModule();
const make = (memory: number) =>
  new Instance(module, { memory, hook: () => {} });

Deno.test("Instance grows its memory up to the limit", () => {
  const instance = make(32 << 20);
  const before = instance.bytes;
  ok(instance.c.malloc(17 << 20) > 0);
  strictEqual(before.length, 0);
  ok(instance.bytes.length <= 32 << 20);
  strictEqual(instance.c.malloc(17 << 20), 0);
});

Deno.test("Instance calls bindings by their number, and no other", () => {
  const instance = make(20 << 20);
  const { c } = instance;
  const L = c.luaL_newstate();
  const call = (n: number) => {
    c.lua_pushnumber(L, n);
    c.lua_pushcclosure(L, instance.dispatcher, 1);
    c.lua_call(L, 0, 1);
    return c.lua_tonumber(L, -1);
  };
  const n = instance.bind((L) => {
    c.lua_pushnumber(L, 42);
    return 1;
  });
  strictEqual(call(n), 42);
  throws(() => call(99), Ended);
});
