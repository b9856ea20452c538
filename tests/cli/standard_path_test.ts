import { strictEqual } from "node:assert/strict";
import {
  isStandardInput,
  isStandardOutput,
} from "../../src/cli/standard_path.ts";

Deno.test("isStandardInput() and isStandardOutput() know the names of Linux and macOS", () => {
  for (const [at, name] of ["stdin", "stdout"].entries()) {
    for (
      const path of [`/dev/${name}`, `/dev/fd/${at}`, `/proc/self/fd/${at}`]
    ) {
      strictEqual(isStandardInput(path), at === 0);
      strictEqual(isStandardOutput(path), at === 1);
    }
  }
  strictEqual(isStandardInput("/dev/fd/63"), false);
  strictEqual(isStandardOutput("stdout"), false);
});
