import { match, strictEqual } from "node:assert/strict";
import { failure, printed } from "../run.ts";

Deno.test("newproxy gives an object whose visible metatable takes effect", () => {
  strictEqual(
    printed(`local p = newproxy(true) local m = getmetatable(p)
      m.__tostring = function() return "proxy" end
      m.__index = function(_, k) return k .. "!" end
      m.__len = function() return 3 end
      m.__call = function(_, a) return a * 2 end
      m.__concat = function() return "joined" end
      m.__eq = function() return true end
      m.__newindex = function(_, k, v) rawset(_G, k, v) end
      p.set = 9
      local q = newproxy(p)
      print(type(p), tostring(p), p.x, #p, p(4), p .. "a", p == q, set, newproxy() ~= newproxy())
      m.__index = {y = 5} print(p.y)`),
    "userdata\tproxy\tx!\t3\t8\tjoined\ttrue\t9\ttrue\n5\n",
  );
});

Deno.test("an object without a handler fails as userdata does", () => {
  match(
    failure(`local x = newproxy(true) + 1`),
    /perform arithmetic on a userdata value/,
  );
  match(
    failure(`local x = newproxy(true) .. "a"`),
    /concatenate a userdata value/,
  );
  match(failure(`local x = newproxy(true).x`), /index a userdata value/);
  match(failure(`newproxy(true)()`), /call a userdata value/);
  match(failure(`newproxy(1)`), /boolean or proxy expected/);
  match(printed(`print(newproxy(true))`), /^userdata: 0x/);
});
