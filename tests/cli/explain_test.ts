import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { RegError } from "../../src/base/errors.ts";
import { causeChain, explain } from "../../src/cli/explain.ts";
import { Interrupted } from "../../src/cli/io.ts";

Deno.test("explain() tells a request without sense from one that failed", () => {
  strictEqual(explain(new RegError("reference", "Bad")).exit, 2);
  strictEqual(explain(new RegError("not_found", "Gone")).exit, 1);
  strictEqual(explain(new Error("Broken")).exit, 1);
  strictEqual(
    explain(new RegError("reference", "Bad"), { style: "raw" }).exit,
    1,
  );
});

Deno.test("explain() says nothing of an interrupt but its status", () => {
  const status = (signal: "SIGINT" | "SIGTERM", style: "raw" | "explained") =>
    explain(new Interrupted(signal), { style });
  deepStrictEqual(status("SIGINT", "explained"), { exit: 130, message: "" });
  deepStrictEqual(status("SIGTERM", "explained"), { exit: 143, message: "" });
  deepStrictEqual(status("SIGTERM", "raw"), { exit: 1, message: "" });
});

Deno.test("causeChain() follows causes and ends in a circle", () => {
  const inner = new Error("inner");
  const outer = new Error("outer", { cause: inner });
  inner.cause = outer;
  const text = causeChain(outer);
  match(text, /^Error: outer[^]*caused by: Error: inner/);
  strictEqual(text.split("caused by").length, 2);
});
