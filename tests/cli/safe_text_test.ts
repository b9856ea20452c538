import { strictEqual } from "node:assert/strict";
import { safeJson, safeText, shownOn } from "../../src/cli/safe_text.ts";

const evil = "a\x1b[2Jb\x9b\n\tc\u202e\x7f";

Deno.test("safeText() makes a terminal's commands visible", () => {
  strictEqual(safeText(evil), "a\\x1b[2Jb\\x9b\n\tc\\u202e\\x7f");
});

Deno.test("safeJson() leaves JSON that says the same", () => {
  const text = JSON.stringify({ a: `${evil}"` }, null, 2);
  strictEqual(safeJson(text).includes("\x9b"), false);
  strictEqual(JSON.stringify(JSON.parse(safeJson(text)), null, 2), text);
});

Deno.test("shownOn() changes nothing but what a terminal shows", () => {
  strictEqual(shownOn({ isTerminal: false }, evil), evil);
  strictEqual(shownOn({ isTerminal: true }, "\x1b"), "\\x1b");
});
