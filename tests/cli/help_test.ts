import { strictEqual } from "node:assert/strict";
import { defaultText, flagSyntax } from "../../src/cli/help.ts";

Deno.test("flagSyntax() shows the letter, the value and what may be repeated", () => {
  strictEqual(
    flagSyntax("n", { kind: "list", value: "X", short: "n", summary: "" }),
    "-n, --n X...",
  );
  strictEqual(flagSyntax("on", { kind: "switch", summary: "" }), "    --on");
});

Deno.test("defaultText() says nothing of a default that is nothing", () => {
  strictEqual(defaultText({ kind: "switch", summary: "" }), "");
  strictEqual(
    defaultText({ kind: "text", value: "X", default: "a b", summary: "" }),
    ' (default "a b")',
  );
  strictEqual(
    defaultText({ kind: "duration", value: "X", default: 1500, summary: "" }),
    " (default 1.5s)",
  );
});
