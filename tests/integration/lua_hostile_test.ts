/** Two hundred scripts that do not want to end leave nothing behind. */
import { ok, strictEqual } from "node:assert/strict";
import { sleep } from "../../src/base/sleep.ts";
import { LuaPool } from "../../src/lua/pool.ts";

const HOSTILE: readonly string[] = [
  "while true do end",
  "while true do pcall(function() while true do end end) end",
  "while true do coroutine.wrap(function() while true do end end)() end",
  "local t = setmetatable({}, {__index = function() while true do end end}) local x = t.x",
  "local function f() for i = 1, 9 do coroutine.wrap(f)() end end while true do pcall(f) end",
  `while true do pcall(string.find, ("a"):rep(40), ("a?"):rep(40) .. ("a"):rep(41)) end`,
  "local t = {} while true do t[#t + 1] = ('x'):rep(1e6) .. #t end",
  "local s = 'x' while true do pcall(function() s = s .. s end) end",
  "while true do pcall(function() local function f() return 1 + f() end f() end) end",
  "while true do print(('x'):rep(1000)) end",
  "while true do pcall(hang) end",
  "local m = getmetatable(newproxy(true)) m.__gc = function() while true do end end m = nil while true do collectgarbage() end",
  "while true do pcall(table.sort, {3, 2, 1}, function() while true do end end) end",
  "local a, b = ('\\0'):rep(4e6), ('\\0'):rep(4e6) .. 'x' while true do local c = a < b end",
  "while true do xpcall(error, function() while true do end end) end",
  "while true do loadstring(('x=1 '):rep(1e5)) end",
];

const threads = () => [...Deno.readDirSync("/proc/self/task")].length;

Deno.test({
  name: "200 hostile scripts end in time, others go on, and nothing is left",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const before = threads();
    let late = 0;
    {
      await using pool = new LuaPool({
        interface: { classes: [], functions: [{ path: "hang" }] },
        limits: { output: 1 << 20 },
      });
      const host = {
        call: (_n: number, _a: unknown, signal: AbortSignal) =>
          new Promise<[]>((_, reject) => {
            if (signal.aborted) reject(signal.reason);
            signal.addEventListener("abort", () => reject(signal.reason));
          }),
        print: () => {},
      };
      const run = async (source: string, ms: number) => {
        let started = 0;
        const clock = new AbortController();
        const over = new AbortController();
        const outcome = await pool.run({
          source: new TextEncoder().encode(source),
          host,
          signal: clock.signal,
          onStart: () => {
            started = performance.now();
            sleep(ms, { signal: over.signal }).then(
              () => clock.abort(new DOMException("", "TimeoutError")),
              () => {},
            );
          },
        });
        over.abort();
        late = Math.max(late, performance.now() - started - ms);
        return outcome;
      };
      for (let round = 0; round < 200; round += 8) {
        const chosen = Array.from(
          { length: 8 },
          (_, i) => HOSTILE[(round + i) % HOSTILE.length] ?? "",
        );
        const [good, ...bad] = await Promise.all([
          run("local n = 0 for i = 1, 1e5 do n = n + i end", 20_000),
          ...chosen.map((source) => run(source, 20)),
        ]);
        strictEqual(good.type, "done");
        for (const [i, outcome] of bad.entries()) {
          ok(outcome.type !== "done", chosen[i]);
        }
      }
    }
    // A stopped Worker needs a moment to go.
    for (let i = 0; i < 100 && threads() > before + 4; i++) await sleep(50);
    ok(threads() <= before + 4, `${before} threads before, ${threads()} after`);
    ok(late < 1000 + 500, `late by ${Math.round(late)} ms`);
    const busy = () =>
      Deno.readTextFileSync("/proc/self/stat").split(" ").slice(13, 15).map(
        Number,
      ).reduce((a, b) => a + b);
    // In hundredths of a second: an endless loop would use fifty each time; what
    // collects the garbage of two hundred engines comes to an end.
    let used = Infinity;
    for (let i = 0; i < 20 && used >= 25; i++) {
      const start = busy();
      await sleep(500);
      used = busy() - start;
    }
    ok(used < 25, `${used} ticks of the processor`);
  },
});
