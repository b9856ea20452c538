import { strictEqual } from "node:assert/strict";
import { printDiff } from "../../../src/cmd/regctl/diff_flags.ts";
import { memoryIo } from "../../support/cli.ts";

Deno.test("printDiff() shows all lines where it is told to", async () => {
  const { io, out } = memoryIo();
  const lines = (text: string) => text.split("");
  const flags = { context: 0, "context-full": true };
  await printDiff(io, flags, [lines("abcd"), lines("abxd")]);
  strictEqual(out.text, "@@ -1,4 +1,4 @@\n  a\n  b\n- c\n+ x\n  d\n");
});
