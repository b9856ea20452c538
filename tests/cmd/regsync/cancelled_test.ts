import { strictEqual } from "node:assert/strict";
import { isAbort } from "../../../src/base/errors.ts";
import { Cancelled } from "../../../src/cmd/regsync/cancelled.ts";

Deno.test("Cancelled is no failure", () => {
  strictEqual(isAbort(new Cancelled("task was canceled")), true);
});
