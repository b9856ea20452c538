import { match, strictEqual } from "node:assert/strict";
import { failure, printed, run } from "../run.ts";

Deno.test("string.find gives positions and captures, from where it is told", () => {
  strictEqual(
    printed(`print(("a.b.c"):find(".", 3, true)) print(("a.b.c"):find("%.", -2))
      print(("abc"):find("(b)(c)")) print(("abc"):find("", 10)) print(("abc"):find("^b"))
      print(("aXbX"):find("X", 3)) print(("a\\0b"):find("b")) print(("x"):find("x", -10))`),
    "4\t4\n4\t4\n2\t3\tb\tc\n4\t3\nnil\n4\t4\n3\t3\n1\t1\n",
  );
});

Deno.test("string.gsub treats empty matches, anchors, templates and limits as Lua 5.1 does", () => {
  strictEqual(
    printed(
      `print(("abc"):gsub("", "-")) print(("abc"):gsub("b*", "-")) print(("aaa"):gsub("^a", "b"))
      print(("abc"):gsub("%w", "%0%0", 2)) print(("a b"):gsub("(%w) (%w)", "%2 %1"))
      print(("abc"):gsub("b", {b = false})) print(("abc"):gsub("()b", "%1")) print(("x"):gsub("x", "%%"))`,
    ),
    "-a-b-c-\t4\n-a--c-\t4\nbaa\t1\naabbc\t2\nb a\t1\nabc\t1\na2c\t1\n%\t1\n",
  );
  match(failure(`("a"):gsub("a", "%2")`), /invalid capture index/);
  match(
    failure(`("a"):gsub("a", function() return {} end)`),
    /invalid replacement value \(a table\)/,
  );
  match(
    failure(`("a"):gsub("a", true)`),
    /bad argument #2 to 'gsub' \(string\/function\/table expected\)/,
  );
});

Deno.test("string.gmatch goes on behind an empty match", () => {
  strictEqual(
    printed(`for w in ("ab"):gmatch("%a*") do io.write("[", w, "]") end
      for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do io.write(k, v, ";") end
      for w in string.gfind("x y", "%a") do io.write(w) end`),
    "[ab][]a1;b2;xy",
  );
});

Deno.test("string.gsub calls back while the memory grows", () => {
  strictEqual(
    printed(`local kept = {}
      local s, n = ("x"):rep(2000):gsub("x", function(c) kept[#kept + 1] = c:rep(10000) return "y" end)
      print(n, s == ("y"):rep(2000))`),
    "2000\ttrue\n",
  );
});

Deno.test("string.rep, upper, lower and reverse keep every byte", () => {
  strictEqual(
    printed(
      `print(("ab"):rep(3), ("x"):rep(0), ("x"):rep(-1), (""):rep(1e9), ("aZ1"):upper(), ("aZ1"):lower(), ("abc"):reverse())
      print(#("\\0\\255"):rep(5000), ("\\0a"):reverse() == "a\\0")`,
    ),
    "ababab\t\t\t\tAZ1\taz1\tcba\n10000\ttrue\n",
  );
});

Deno.test("a plain search through huge strings can be ended", () => {
  const { outcome } = run(
    `local a = ("a"):rep(4e6) local b = a:sub(1, 2e6) .. "b" a:find(b, 1, true)`,
    { limits: { instructions: 1e6 } },
  );
  strictEqual(outcome.type, "ended");
});
