import { ok, strictEqual } from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../../src/lua/engine/limits.ts";
import { type Host, Script } from "../../../src/lua/engine/script.ts";
import { luaModule } from "../../../src/lua/wasm.ts";

const module = await luaModule();

function start(host: Partial<Host>): Script {
  return new Script(module, {
    limits: { ...DEFAULT_LIMITS, instructions: 1e7 },
    interface: { classes: [], functions: [{ path: "wait" }] },
    host: {
      call: () => new Uint8Array(5),
      write: () => {},
      idle: () => {},
      stopped: () => undefined,
      release: () => {},
      ...host,
    },
  });
}

const ENDLESS: Readonly<Record<string, string>> = {
  plain: "while true do end",
  pcall: "while true do pcall(function() while true do end end) end",
  xpcall: "while true do xpcall(error, function() while true do end end) end",
  coroutine:
    "while true do coroutine.wrap(function() while true do end end)() end",
  metamethod:
    "local t = setmetatable({}, {__index = function() while true do end end}) local x = t.x",
  sort: "table.sort({1, 2, 3}, function() while true do end end)",
  gsub: `("x"):gsub("x", function() while true do end end)`,
  pattern: `("a"):rep(60):find(("a?"):rep(60) .. ("a"):rep(61))`,
  goto: "repeat until false",
  recursion: "local function f() return f() end f()",
  iterator: "for _ in function() return 1 end do end",
  host: "while true do pcall(wait) end",
  rep: `while true do local s = (""):rep(1e9) end`,
};

Deno.test("Watch ends a script wherever it is once the flag is set", () => {
  for (const [name, source] of Object.entries(ENDLESS)) {
    let looks = 0;
    const script = start({
      stopped: () => ++looks > 300 ? "stop" : undefined,
    });
    const outcome = script.run(new TextEncoder().encode(source), "<string>");
    ok(
      outcome.type === "ended" && outcome.message === "<string>:1: stop",
      `${name}: ${JSON.stringify(outcome)}`,
    );
  }
});

Deno.test("Watch lets the host breathe now and then", () => {
  let idled = 0;
  start({ idle: () => idled++ }).run(
    new TextEncoder().encode("for i = 1, 1e5 do end"),
    "<string>",
  );
  strictEqual(idled >= 1, true);
});

Deno.test("DEFAULT_LIMITS end every script, some time", () => {
  for (const limit of Object.values(DEFAULT_LIMITS)) {
    ok(Number.isSafeInteger(limit));
  }
});
