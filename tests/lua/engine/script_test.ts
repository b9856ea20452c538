import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  HostHandle,
  HostStruct,
  LuaHandle,
  LuaTable,
} from "../../../src/lua/codec.ts";
import { luaModule } from "../../../src/lua/wasm.ts";
import { holds } from "../../../scripts/lua_vectors.ts";
import vectors from "../testdata/lua51-vectors.json" with { type: "json" };
import { failure, type Functions, printed, run } from "../run.ts";

Deno.test("Script.run() behaves as Lua 5.1 or upstream's interpreter does", async () => {
  const module = await luaModule();
  const differing = vectors
    .filter((vector) => vector.category !== "errmsg" && !holds(module, vector))
    .map((vector) => vector.name);
  deepStrictEqual(differing, []);
});

Deno.test("Script.run() prints numbers as upstream's interpreter does", () => {
  const script =
    `print(10 / 2, 1e15, 2 ^ 53, 0.1, 1e-5, 1234567.5) print(1e15 .. "|" .. 0.5)
     print(table.concat({1e15, 0.1}, " "), ("x"):rep(3e0), tostring(1e18))`;
  strictEqual(
    printed(script),
    "5\t1000000000000000\t9007199254740992\t0.1\t1e-05\t1.2345675e+06\n" +
      "1000000000000000|0.5\n1000000000000000 0.1\txxx\t1000000000000000000\n",
  );
});

Deno.test("Script.run() reports what nothing caught, with its position and what was running", () => {
  const { outcome } = run(`local function f()\n  error("boom")\nend\nf()`);
  deepStrictEqual(outcome, {
    type: "failed",
    message: "<string>:2: boom",
    traceback: "stack traceback:\n\t[G]: in function 'error'\n" +
      "\t<string>:2: in function 'f'\n\t<string>:4: in main chunk\n\t[G]: ?",
    valueType: "string",
  });
});

Deno.test("Script.run() tells an error that is a table from its text", () => {
  const { outcome } = run(
    `error(setmetatable({}, { __tostring = function() return "own" end }))`,
  );
  ok(outcome.type === "failed");
  strictEqual(outcome.message, "own");
  strictEqual(outcome.valueType, "table");
});

Deno.test("Script.run() refuses what does not parse", () => {
  deepStrictEqual(run("x = = 1").outcome, {
    type: "syntax",
    message: "<string>:1: unexpected symbol near '='",
  });
});

Deno.test("Script.run() ends at os.exit with its status", () => {
  deepStrictEqual(run("pcall(function() os.exit(3) end) print('no')"), {
    printed: "",
    outcome: { type: "exited", status: 3 },
  });
});

const functions: Functions = {
  double: (n) => [Number(n) * 2],
  fail: () => {
    throw new Error("not found");
  },
  echo: (...args) => args.filter((a) => a instanceof Uint8Array),
};

Deno.test("Script calls the host from within comparators, callbacks, iterators, coroutines, metamethods and handlers", () => {
  const script = `
    local t = {3, 1, 2}
    table.sort(t, function(a, b) return double(a) < double(b) end)
    print(table.concat(t, " "))
    print((("1 2"):gsub("%d", function(d) return double(tonumber(d)) end)))
    for n in function(_, n) n = double(n or 1) return n < 20 and n or nil end do io.write(n, " ") end
    print(coroutine.wrap(function() coroutine.yield(double(4)) end)())
    print(tostring(setmetatable({}, {__tostring = function() return "t" .. double(5) end})))
    print(setmetatable({}, {__index = function(_, k) return double(k) end})[6])
    print(pcall(function() return double(7) end))
    print(xpcall(function() error("x", 0) end, function(e) return e .. double(8) end))`;
  strictEqual(
    printed(script, { functions }),
    "1 2 3\n2 4\n2 4 8 16 8\nt10\n12\ntrue\t14\nfalse\tx16\n",
  );
});

Deno.test("Script passes bytes unharmed both ways", () => {
  const script =
    `local all = {} for i = 0, 255 do all[#all + 1] = string.char(i) end
    local s = table.concat(all) print(echo(s) == s, #echo(s), echo("\\0") == "\\0")`;
  strictEqual(printed(script, { functions }), "true\t256\ttrue\n");
});

Deno.test("Script raises the host's errors as strings with the line that called", () => {
  strictEqual(
    failure("\nfail()", { functions }),
    "<string>:2: Error: not found",
  );
  strictEqual(
    printed("print(pcall(fail))", { functions }),
    "false\t<string>:1: Error: not found\n",
  );
});

Deno.test("Script gives objects fields under all their names, and methods of their class", () => {
  const seen: unknown[] = [];
  const layers = new HostStruct([[["Layers", "layers"], ["a", "b"]], [
    ["Size"],
    7,
  ]]);
  const options = {
    classes: ["reference", "manifest"],
    functions: {
      get: () => [new HostHandle(1, 42, layers)],
      "manifest.__index.id": (m) => [m instanceof LuaHandle ? m.id : -1],
      "manifest.__tostring": () => ["shown"],
      keep: (m) => {
        seen.push(m);
        return [];
      },
    } satisfies Functions,
  };
  const script = `local m = get()
    print(type(m), tostring(m), m:id(), m.Size, m.nothing, getmetatable(m) == manifest)
    print(m.layers == m.Layers, #m.layers, pcall(function() m.Size = 1 end))
    manifest.__index.twice = function(m) return 2 * m:id() end
    print(m:twice(), m == m, m == get()) table.insert(m.Layers, "c") keep(m)`;
  strictEqual(
    printed(script, options),
    "userdata\tshown\t42\t7\tnil\ttrue\n" +
      "true\t2\tfalse\t<string>:3: attempt to index a non-table object(userdata) with key 'Size'\n" +
      "84\ttrue\tfalse\n",
  );
  const [handle] = seen;
  ok(handle instanceof LuaHandle && handle.fields instanceof LuaTable);
  const edited = handle.fields.fields.get("layers");
  ok(edited instanceof LuaTable);
  strictEqual(edited.list.length, 3);
});

Deno.test("Script ends at its bounds of instructions, memory and output", () => {
  const limits = { instructions: 1e5 };
  match(failure("while true do end", { limits }), /instruction limit/);
  match(
    failure("while true do pcall(error) end", { limits }),
    /instruction limit/,
  );
  strictEqual(
    failure(`local s = "x" while true do s = s .. s end`),
    "not enough memory",
  );
  match(
    failure("while true do print(('x'):rep(1000)) end", {
      limits: { output: 10_000 },
    }),
    /output limit/,
  );
});

Deno.test("Script frees what is no longer used", () => {
  const script =
    `for i = 1, 3000 do local s = ("x"):rep(1e6) .. i end print("ok")`;
  strictEqual(printed(script), "ok\n");
});

Deno.test("Script calls functions with many parameters and varargs from a full stack", () => {
  const names = Array.from({ length: 100 }, (_, i) => `a${i}`).join(",");
  const script =
    `local function f(${names}, ...) return a99, select("#", ...) end
    local function deep(n) if n == 0 then return f() end return (deep(n - 1)) end
    for n = 1, 300 do assert(deep(n) == nil) end
    print(f(unpack({}, 1, 105)))`;
  strictEqual(printed(script), "nil\t5\n");
});
