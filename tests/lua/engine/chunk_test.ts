import { strictEqual } from "node:assert/strict";
import { failure, printed } from "../run.ts";

Deno.test("loadstring compiles text under the name it is given", () => {
  strictEqual(
    printed(
      `print(loadstring("return 1 + 1")()) print(loadstring("x x", "=name")) print(loadstring("x x"))
      print(pcall(loadstring("error('e')", "=c")))`,
    ),
    "2\nnil\tname:1: '=' expected near 'x'\nnil\t[string \"x x\"]:1: '=' expected near 'x'\nfalse\tc:1: e\n",
  );
});

Deno.test("load compiles what a function gives piece by piece", () => {
  strictEqual(
    printed(`local p = {"return", " 4", "2"} local n = 0
      print(load(function() n = n + 1 return p[n] end)()) print(load("return 7")())
      print(load(function() error("reader", 0) end)) print(pcall(load, 1))`),
    "42\n7\nnil\treader\nfalse\tbad argument #1 to '?' (function expected, got number)\n",
  );
});

Deno.test("a chunk that is compiled code or too large is refused", () => {
  strictEqual(failure("\x1bLua"), "compiled code is not accepted");
  strictEqual(
    printed(`print(loadstring((" "):rep(5e6)))`),
    "nil\tchunk is too large\n",
  );
  const list = (count: number, name: string) =>
    Array.from({ length: count }, (_, i) => name + i).join(",");
  const source = `local function f(${list(150, "a")}, ...) return f(${
    list(90, "a")
  }) end`;
  strictEqual(failure(source), "function has too many parameters");
});
