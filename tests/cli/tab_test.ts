import { strictEqual, throws } from "node:assert/strict";
import { spoken } from "../../src/cli/tab.ts";

Deno.test("spoken() hears what is said, and gives the console back", () => {
  const { console } = globalThis;
  strictEqual(spoken(() => globalThis.console.log("a", 1)), "a 1\n");
  strictEqual(globalThis.console, console);
  throws(() =>
    spoken(() => {
      throw new Error("no");
    }), /no/);
  strictEqual(globalThis.console, console);
});
