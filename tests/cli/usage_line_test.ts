import { strictEqual } from "node:assert/strict";
import { usageLine } from "../../src/cli/usage_line.ts";
import { echo, many, sample } from "./sample_tool.ts";

Deno.test("usageLine() shows which arguments may be left out or repeated", () => {
  strictEqual(
    usageLine([sample, echo]),
    "sample echo <first> [second] [flags]",
  );
  strictEqual(usageLine([sample, many]), "sample many <word>... [flags]");
  strictEqual(usageLine([sample]), "sample [command]");
});
