import { match, strictEqual } from "node:assert/strict";
import { FIND } from "../../../src/lua/engine/script.ts";
import { textOf } from "../../../src/lua/codec.ts";
import { failure, type Functions, printed } from "../run.ts";

const sources: Readonly<Record<string, string>> = {
  mine: `local name = ... return {name = name, n = 1}`,
  loop: `return require("loop")`,
  broken: `x x`,
  plain: `answer = 42`,
  old:
    `module("old.inner", package.seeall) function hello() return "hi " .. _NAME end`,
};
const functions: Functions = {
  [FIND]: (name) => {
    const source = name instanceof Uint8Array
      ? sources[textOf(name)]
      : undefined;
    return source === undefined ? [null, "\n\tno file"] : [source, "@mine.lua"];
  },
};

Deno.test("require runs a module once and keeps what it returns", () => {
  strictEqual(
    printed(
      `print(require("mine").name, require("mine") == require("mine"), package.loaded.mine.n)
      print(require("plain"), answer, require("string") == string)
      package.preload.own = function(n) return n .. "!" end print(require("own"))`,
      { functions },
    ),
    "mine\ttrue\t1\ntrue\t42\ttrue\nown!\n",
  );
});

Deno.test("require says what it did not find, and whose fault it was", () => {
  match(
    failure(`require("none")`, { functions }),
    /^<string>:1: module 'none' not found:\n\tno file$/,
  );
  match(
    failure(`require("broken")`, { functions }),
    /error loading module 'broken':\n\tmine.lua:1:/,
  );
  match(
    failure(`require("loop")`, { functions }),
    /loop or previous error loading module 'loop'/,
  );
  match(failure(`require(1)`), /bad argument #1 to 'require'/);
  match(failure(`require("none")`), /module 'none' not found/);
});

Deno.test("module makes a table of the globals of a file", () => {
  strictEqual(
    printed(`require("old") print(old.inner.hello(), old.inner._PACKAGE)`, {
      functions,
    }),
    "hi old.inner\told.\n",
  );
});
