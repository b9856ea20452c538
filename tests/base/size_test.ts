import { strictEqual, throws } from "node:assert/strict";
import { isRegError } from "../../src/base/errors.ts";
import { parseSize } from "../../src/base/size.ts";

Deno.test("parseSize() reads units of 1000 and of 1024", () => {
  for (
    const [text, size] of [
      ["0", 0],
      ["1024", 1024],
      ["4MiB", 4194304],
      ["4mib", 4194304],
      ["10G", 1e10],
      ["1.5 kb", 1500],
      [" 2TiB ", 2 ** 41],
    ] as const
  ) strictEqual(parseSize(text), size);
});

Deno.test("parseSize() refuses what is no size", () => {
  for (const text of ["", "MiB", "-1", "1x", "1e3", "1 2", "9".repeat(20)]) {
    throws(() => parseSize(text), (error) => isRegError(error, "usage"), text);
  }
});
