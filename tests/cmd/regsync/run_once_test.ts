import { strictEqual } from "node:assert/strict";
import { failure } from "../../../src/cmd/regsync/run_once.ts";

Deno.test("failure() joins what failed, each on a line", () => {
  const error = failure([new Error("a"), new Error("b")]);
  strictEqual(error.code, "partial");
  strictEqual(error.message, "a\nb");
});
