import { strictEqual } from "node:assert/strict";
import { sortedLines } from "../../src/view/listing.ts";

Deno.test("sortedLines() sorts by bytes", () => {
  strictEqual(sortedLines(["b", "a", "B"]), "B\na\nb\n");
  strictEqual(
    sortedLines(["\u{1f389}", "\uff00", "B", "a"]),
    "B\na\n\uff00\n\u{1f389}\n",
  );
});
