import { createHash } from "node:crypto";
import { ok, strictEqual } from "node:assert/strict";
import { luaModule } from "../../src/lua/wasm.ts";
import { readWasm } from "../../src/lua/wasm_file.ts";

Deno.test("readWasm() gives the binary that was examined", async () => {
  strictEqual(
    createHash("sha256").update(await readWasm()).digest("hex"),
    "cba969b97e8a319eba8996b5df488aed5cdd22a56f2de53b42598e474014e610",
  );
});

Deno.test("luaModule() compiles once", async () => {
  const module = await luaModule();
  strictEqual(await luaModule(), module);
  ok(
    WebAssembly.Module.exports(module).some(({ name }) => name === "lua_pcall"),
  );
});
