import { match, strictEqual } from "node:assert/strict";
import { printed, run } from "../run.ts";

Deno.test("traceback() names functions, lines and the main chunk", () => {
  strictEqual(
    printed(`local function f() print(debug.traceback("msg")) end\nf()`),
    "msg\nstack traceback:\n\t<string>:1: in function 'f'\n\t<string>:2: in main chunk\n",
  );
});

Deno.test("traceback() leaves out the middle of a deep stack", () => {
  const { outcome } = run(
    `local function f(n) if n == 0 then error("x") end f(n - 1) return 1 end f(100)`,
  );
  match(JSON.stringify(outcome), /\.\.\./);
  strictEqual(
    "traceback" in outcome && outcome.traceback.split("\n").length < 30,
    true,
  );
});
