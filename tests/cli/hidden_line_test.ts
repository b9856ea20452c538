import { deepStrictEqual } from "node:assert/strict";
import { HiddenLine, type LineState } from "../../src/cli/hidden_line.ts";

/** Types a text; gives the line, and what became of it. */
function type(text: string): readonly [string, LineState] {
  const line = new HiddenLine();
  let state: LineState = "more";
  for (const byte of new TextEncoder().encode(text)) {
    state = line.add(byte);
    if (state !== "more") break;
  }
  return [line.text, state];
}

Deno.test("HiddenLine ends with Enter, of either kind", () => {
  deepStrictEqual(type("pass\rmore"), ["pass", "line"]);
  deepStrictEqual(type("pass\nmore"), ["pass", "line"]);
  deepStrictEqual(type("pass"), ["pass", "more"]);
});

Deno.test("HiddenLine ends with Ctrl-D, which is no part of a password", () => {
  deepStrictEqual(type("\x04"), ["", "end"]);
  deepStrictEqual(type("pass\x04"), ["pass", "line"]);
});

Deno.test("HiddenLine erases whole characters, or all", () => {
  deepStrictEqual(type("pasé\x7fs\x08s\r"), ["pass", "line"]);
  deepStrictEqual(type("€\x7f\x7f\x7fa\r"), ["a", "line"]);
  deepStrictEqual(type("wrong\x15right\r"), ["right", "line"]);
  deepStrictEqual(type("wrong\x17right\r"), ["right", "line"]);
});
