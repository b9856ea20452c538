import { match, strictEqual } from "node:assert/strict";
import { RegError } from "../../src/base/errors.ts";
import { hintFor } from "../../src/cli/hints.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

Deno.test("hintFor() passes on what a usage error advises", () => {
  strictEqual(hintFor(new UsageError("no", "try yes"), "regctl"), "try yes");
});

Deno.test("hintFor() asks to report a defect", () => {
  match(
    hintFor(new RegError("internal", "Oops"), "regctl") ?? "",
    /regctl.*-v debug/,
  );
  strictEqual(hintFor(new Error("Oops"), "regctl"), undefined);
});

Deno.test("hintFor() passes on what an error itself advises", () => {
  const error = Object.assign(new RegError("script", "no"), { hint: "try" });
  strictEqual(hintFor(error, "regctl"), "try");
  strictEqual(hintFor(new RegError("script", "no"), "regctl"), undefined);
});
