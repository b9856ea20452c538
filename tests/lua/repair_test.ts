import { strictEqual } from "node:assert/strict";
import { repairCalls } from "../../src/lua/repair.ts";
import { printed } from "./run.ts";

Deno.test("repairCalls() puts brackets around what a statement logs", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    [`log "a" .. t`, `log ("a" .. t)`],
    [`log "a" .. t .. "b" x = 1`, `log ("a" .. t .. "b") x = 1`],
    [
      `for _, t in x do\n  log "t " .. t\nend`,
      `for _, t in x do\n  log ("t " .. t)\nend`,
    ],
    [
      `a.b:c 'x' .. f(1, {2})[3].d "s" .. #t y()`,
      `a.b:c ('x' .. f(1, {2})[3].d "s" .. #t) y()`,
    ],
    [`log [[x]] .. -1 + 2`, `log ([[x]] .. -1 + 2)`],
    [
      `log "x" .. (function() if a then return 1 end end)() z = 2`,
      `log ("x" .. (function() if a then return 1 end end)()) z = 2`,
    ],
    [`log "a"`, undefined],
    [`x = f "a" .. b`, undefined],
    [`return f "a" .. b`, undefined],
    [`-- log "a" .. b`, undefined],
    [`s = [==[ log "a" .. b ]==]`, undefined],
    [`print("x" .. f "a" .. b)`, undefined],
  ];
  for (const [source, expected] of cases) {
    strictEqual(repairCalls(source), expected, source);
  }
});

Deno.test("repairCalls() makes the early documentation's example run", () => {
  const source = `tags = {"b", "a"}
table.sort(tags)
for k, t in ipairs(tags) do
  print "Found tag " .. t
end`;
  strictEqual(printed(repairCalls(source) ?? ""), "Found tag a\nFound tag b\n");
});
