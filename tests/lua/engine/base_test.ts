import { match, ok, strictEqual } from "node:assert/strict";
import { failure, printed, run } from "../run.ts";

Deno.test("print separates with tabs and uses __tostring", () => {
  strictEqual(
    printed(
      `print(1, nil, true, "x", setmetatable({}, {__tostring = function() return "own" end})) print()`,
    ),
    "1\tnil\ttrue\tx\town\n\n",
  );
  match(
    failure(`print(setmetatable({}, {__tostring = function() return 1 end}))`),
    /'tostring' must return a string to 'print'/,
  );
});

Deno.test("tonumber reads digits of any base", () => {
  strictEqual(
    printed(
      `print(tonumber("10"), tonumber("0x10"), tonumber(" 5 "), tonumber("x"), tonumber({}), tonumber("1e3"))
      print(tonumber("ff", 16), tonumber("0xff", 16), tonumber("-zz", 36), tonumber("8", 8), tonumber("", 10), tonumber("ffffffffff", 16), tonumber("11", 2))
      print(pcall(tonumber)) print(pcall(tonumber, "1", 99))`,
    ),
    "10\t16\t5\tnil\tnil\t1000\n255\t255\t-1295\tnil\tnil\t1099511627775\t3\n" +
      "false\tbad argument #1 to '?' (value expected)\nfalse\tbad argument #2 to '?' (base out of range)\n",
  );
});

Deno.test("collectgarbage collects and counts, and leaves the pace alone", () => {
  strictEqual(
    printed(
      `print(collectgarbage() == 0, collectgarbage("count") > 1, collectgarbage("stop"), gcinfo() > 1, type(collectgarbage("step")))
      print(pcall(collectgarbage, "x"))`,
    ),
    "true\ttrue\t0\ttrue\tboolean\nfalse\tbad argument #1 to '?' (invalid option 'x')\n",
  );
});

Deno.test("table.insert moves what is behind, and refuses absurd places", () => {
  strictEqual(
    printed(
      `local t = {1, 3} table.insert(t, 2, 2) table.insert(t, 4) print(table.concat(t, " "))
      print(pcall(table.insert, t)) print(pcall(table.insert, t, 1e300, 0)) print(pcall(table.insert, 1, 2))`,
    ),
    "1 2 3 4\nfalse\twrong number of arguments to 'insert'\n" +
      "false\tbad argument #2 to '?' (position out of bounds)\nfalse\tbad argument #1 to '?' (table expected, got number)\n",
  );
  const { outcome } = run("table.insert({}, -2^31, 1)", {
    limits: { instructions: 1e6 },
  });
  strictEqual(outcome.type, "ended");
});

Deno.test("table.sort sorts long lists too, and can be ended there", () => {
  const long =
    `local t = {} for i = 1, 20000 do t[i] = (i * 7919) % 20011 end `;
  strictEqual(
    printed(`${long} table.sort(t) for i = 2, #t do assert(t[i - 1] <= t[i]) end
      table.sort(t, function(a, b) return a > b end) print(t[1] >= t[20000])
      print(pcall(table.sort, {}, 1))`),
    "true\nfalse\tbad argument #2 to '?' (function expected, got number)\n",
  );
  const { outcome } = run(`${long} table.sort(t)`, {
    limits: { instructions: 400_000 },
  });
  strictEqual(outcome.type, "ended");
});

Deno.test("table.sort keeps what is equal in its place, and takes an order that contradicts itself", () => {
  strictEqual(
    printed(`local t = {} for i = 1, 99 do t[i] = {key = i * 7 % 5, at = i} end
      table.sort(t, function(a, b) return a.key < b.key end)
      for i = 2, 99 do local a, b = t[i - 1], t[i] assert(a.key < b.key or a.key == b.key and a.at < b.at) end
      table.sort(t, function(a, b) return a.key <= b.key end)
      for i = 2, 99 do assert(t[i - 1].key <= t[i].key) end
      table.sort(t, function() return true end) print(#t)
      local few = {2, 1} table.sort(few, function(a, b) return a < b end) print(few[1], few[2])
      local one, none = {5}, {} table.sort(one, error) table.sort(none, error) print(one[1], none[1])
      print(pcall(table.sort, {1, 2}, function() error("mine", 0) end))`),
    "99\n1\t2\n5\tnil\nfalse\tmine\n",
  );
});

Deno.test("the position of what ended a script is in the script", () => {
  const { outcome } = run(
    `local t = {} for i = 1, 6000 do t[i] = i end\nwhile true do table.sort(t) end`,
    { limits: { instructions: 1e6 } },
  );
  ok(outcome.type === "ended");
  match(outcome.message, /^<string>:2: instruction limit reached$/);
});

Deno.test("coroutines that only make coroutines can be ended", () => {
  const { outcome } = run(
    `local function f() for i = 1, 9 do coroutine.wrap(f)() end end f()`,
    { limits: { instructions: 1e5 } },
  );
  strictEqual(outcome.type !== "done", true);
  match(failure("coroutine.create(1)"), /Lua function expected/);
});
