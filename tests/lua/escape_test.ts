/**
 * Attempts to get out of the sandbox. Each script ends with the value that an
 * escape would give; all of them have to be nil, false or an error.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { HostHandle, LuaHandle, LuaTable } from "../../src/lua/codec.ts";
import { type Functions, run } from "./run.ts";

const seen: unknown[] = [];
const functions: Functions = {
  get: () => [new HostHandle(0, 7), new HostHandle(1, 8)],
  take: (...args) => {
    seen.push(...args);
    return [args[0] instanceof LuaHandle];
  },
  fail: () => {
    throw new Error("host error");
  },
};
const options = { classes: ["reference", "manifest"], functions };

const JS_KEYS = [
  "constructor",
  "__proto__",
  "prototype",
  "toString",
  "valueOf",
];

const ATTEMPTS: readonly (readonly [string, string])[] = [
  // JavaScript behind host functions, objects and errors.
  ...JS_KEYS.map((key) => [`get.${key}`, `return get.${key}`] as const),
  ...JS_KEYS.map((key) => [`object.${key}`, `return (get()).${key}`] as const),
  ...JS_KEYS.map((key) =>
    [
      `error.${key}`,
      `local _, e = pcall(fail) assert(type(e) == "string") return e.${key}`,
    ] as const
  ),
  [
    "constructor chain through an error",
    `local _, e = pcall(fail) return e.constructor.constructor("return 1")()`,
  ],
  ["constructor of a result", `return get().constructor("return Deno")()`],
  [
    "string methods of JavaScript",
    `return ("x").charCodeAt or ("x").replaceAll`,
  ],
  [
    "globals of JavaScript",
    `return globalThis or self or Deno or process or window or WebAssembly or postMessage`,
  ],
  ["eval", `return eval or Function or import or fetch`],
  // Files, programs and the environment.
  ["dofile", `return dofile`],
  ["loadfile", `return loadfile`],
  ["io.open", `return io.open("/etc/passwd")`],
  ["io.lines", `return io.lines("/etc/passwd")()`],
  ["io.popen", `return io.popen("id")`],
  ["io.input", `return io.input("/etc/passwd")`],
  ["io.output", `return io.output("/tmp/x")`],
  ["io.tmpfile", `return io.tmpfile()`],
  ["os.execute", `return os.execute("id")`],
  ["os.remove", `return os.remove("/tmp/x")`],
  ["os.rename", `return os.rename("/tmp/x", "/tmp/y")`],
  ["os.tmpname", `return os.tmpname()`],
  ["os.setenv", `return os.setenv("A", "b")`],
  ["os.getenv", `return os.getenv("HOME") or os.getenv("PATH")`],
  ["package.loadlib", `return package.loadlib("/lib/libc.so.6", "system")`],
  ["package.cpath", `package.cpath = "/lib/?.so" return require("libc")`],
  ["package.path", `package.path = "/etc/?" return require("passwd")`],
  ["package.loaders", `return package.loaders[1] or package.loaders[3]`],
  ["require of a path", `return require("/etc/passwd")`],
  ["require of a parent", `return require("../../etc/passwd")`],
  // Compiled code.
  [
    "loadstring of compiled code",
    `return loadstring("\\27Lua\\81\\0\\1\\4\\4\\4\\8\\0")`,
  ],
  [
    "load of compiled code",
    `local n = 0 return load(function() n = n + 1 return n == 1 and "\\27Lua" or nil end)`,
  ],
  [
    "load of compiled code in pieces",
    `local p = {"\\27", "Lua", "Q"} local n = 0 return load(function() n = n + 1 return p[n] end)`,
  ],
  ["string.dump", `return string.dump(function() end)`],
  ["string.dump of the host", `return string.dump(print)`],
  // The debug library.
  ["debug.getregistry", `return debug.getregistry()`],
  ["debug.getmetatable", `return debug.getmetatable("")`],
  ["debug.setmetatable", `return debug.setmetatable(get(), {})`],
  ["debug.getupvalue", `return debug.getupvalue(print, 1)`],
  ["debug.setupvalue", `return debug.setupvalue(print, 1, 0)`],
  ["debug.getlocal", `return debug.getlocal(1, 1)`],
  ["debug.sethook", `return debug.sethook()`],
  ["debug.getinfo", `return debug.getinfo(1)`],
  ["debug.setfenv", `return debug.setfenv(get(), {})`],
  ["debug.getfenv", `return debug.getfenv(get())`],
  // Forged and altered objects.
  ["a table as an object", `return take({})`],
  [
    "a table with the class as metatable",
    `return take(setmetatable({}, reference))`,
  ],
  [
    "a table with an object's methods",
    `return take(setmetatable({id = 7}, {__index = get()}))`,
  ],
  ["newproxy with a class", `return take(newproxy(true))`],
  [
    "newproxy of an object",
    `local p = newproxy(get()) return take(p) and tostring(p) ~= tostring(get()) and false`,
  ],
  [
    "metatable of a proxy",
    `local p = newproxy(true) getmetatable(p).__metatable = reference return take(p)`,
  ],
  ["setmetatable of an object", `return setmetatable(get(), {})`],
  ["fields of an object", `local o = get() o.id = 9 return o.id`],
  ["environment of an object", `return getfenv(get()) or setfenv(get(), {})`],
  [
    "the real metatable of an object",
    `return getmetatable(get()).__gc or getmetatable(get()).__metatable`,
  ],
  ["rawget of an object", `return rawget(get(), "id")`],
  ["rawset of an object", `return rawset(get(), "id", 1)`],
  ["next of an object", `return next(get())`],
  ["a number as an object", `return take(7)`],
  ["a lightuserdata's address", `return take(tostring(get()))`],
  // Finalizers, which no hook reaches.
  [
    "a finalizer of a table",
    `local ran setmetatable({}, {__gc = function() ran = true end}) collectgarbage() return ran`,
  ],
  [
    "a finalizer of a proxy",
    `local ran do getmetatable(newproxy(true)).__gc = function() ran = true end end collectgarbage() return ran`,
  ],
  [
    "a finalizer of a class",
    `local ran reference.__gc = function() ran = true end get() collectgarbage() collectgarbage() return ran`,
  ],
  // The environment of what is not the script's.
  [
    "environment of a host function",
    `return pcall(setfenv, get, {}) and getfenv(get) ~= _G`,
  ],
  [
    "environment of the prelude",
    `local e = getfenv(require) return e ~= _G and e`,
  ],
  [
    "environment of level 0",
    `local g = _G setfenv(0, {}) return g.print == nil or getfenv(0).io`,
  ],
  ["environment of callers", `return getfenv(1) ~= _G or pcall(getfenv, 9)`],
  ["upvalues through getfenv", `return getfenv(2).native or getfenv(2).find`],
  ["the helper of require", `return _G["find module"] or _G.native or _G.find`],
  // What strings and coroutines share.
  [
    "metatable of strings",
    `getmetatable("").__index = function() return 1 end return take(("x").id) and 1`,
  ],
  ["metatable of functions", `return getmetatable(print)`],
  [
    "metatable of nil",
    `return getmetatable(nil) or getmetatable(1) or getmetatable(coroutine.create(print))`,
  ],
  [
    "coroutine of a host function",
    `local co = coroutine.wrap(get) return (co()).constructor`,
  ],
  [
    "error with an object",
    `local _, e = pcall(error, (get())) return e.constructor`,
  ],
  [
    "xpcall's handler sees no host",
    `local _, e = xpcall(fail, function(e) return type(e) end) return e ~= "string" and e`,
  ],
  // The bug of Lua 5.1 with many parameters, and its other limits.
  [
    "vararg function with many parameters",
    (() => {
      const names = Array.from({ length: 180 }, (_, i) => `a${i}`).join(",");
      return `return loadstring("return function(${names}, ...) return select('#', ...) end")`;
    })(),
  ],
  ["unpack beyond the stack", `return unpack({}, 1, 1e7)`],
  ["unpack with overflow", `return unpack({}, -2147483648, 2147483647)`],
  ["string.rep with overflow", `return ("x"):rep(2^31) or ("x"):rep(1e300)`],
  ["string.rep of infinity", `return ("x"):rep(math.huge)`],
  ["string.format with a long width", `return string.format("%999999d", 1)`],
  ["pattern with deep nesting", `return ("x"):find(("("):rep(1000))`],
];

Deno.test("no script gets out of the sandbox", () => {
  ok(ATTEMPTS.length >= 60, `only ${ATTEMPTS.length} attempts`);
  for (const [name, script] of ATTEMPTS) {
    const { printed, outcome } = run(
      `local ok, value = pcall(function() ${script} end)
       print(ok and (value or false))`,
      options,
    );
    ok(
      outcome.type === "done" && printed === "false\n",
      `${name}: ${printed} ${JSON.stringify(outcome)}`,
    );
  }
});

Deno.test("keys of JavaScript are plain keys in tables that the host gets", () => {
  seen.length = 0;
  run(
    `take({__proto__ = {polluted = 1}, constructor = "x", [1] = 2})`,
    options,
  );
  const [table] = seen;
  ok(table instanceof LuaTable);
  strictEqual(table.fields.size, 2);
  ok(table.fields.has("__proto__"));
  strictEqual(Reflect.get({}, "polluted"), undefined);
});

Deno.test("a table that contains itself is refused", () => {
  const { printed } = run(
    `local t = {} t[1] = t print(pcall(take, t))`,
    options,
  );
  strictEqual(printed, "false\ttable nests too deep\n");
});
