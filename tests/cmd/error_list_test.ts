import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ErrorList } from "../../src/cmd/error_list.ts";

Deno.test("ErrorList keeps the first hundred, and counts the others", () => {
  const list = new ErrorList();
  deepStrictEqual(list.all, []);
  list.add("a", "b");
  deepStrictEqual(list.all, ["a", "b"]);
  for (let n = 0; n < 98; n++) list.add(n);
  strictEqual(list.all.length, 100);
  list.add("c", "d");
  strictEqual(list.all.length, 101);
  strictEqual(String(list.all.at(-1)), "Error: and 2 more errors");
});
