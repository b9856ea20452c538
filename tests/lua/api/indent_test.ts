import { strictEqual } from "node:assert/strict";
import { indentJson } from "../../../src/lua/api/indent.ts";

Deno.test("indentJson() puts a member on each line and changes no value", () => {
  strictEqual(
    indentJson(`{"a" : [1.0,{"b":"x, \\"y\\": {"}],"c":{}, "d":[ ],"e":1e3}`),
    `{\n  "a": [\n    1.0,\n    {\n      "b": "x, \\"y\\": {"\n    }\n  ],\n  "c": {},\n  "d": [],\n  "e": 1e3\n}`,
  );
});
