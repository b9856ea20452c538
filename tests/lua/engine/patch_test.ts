import { deepStrictEqual, throws } from "node:assert/strict";
import {
  NUMBER_TEXT,
  redirectNumberText,
} from "../../../src/lua/engine/patch.ts";
import { readWasm } from "../../../src/lua/wasm_file.ts";

Deno.test("redirectNumberText() changes eight bytes and leaves a valid module", async () => {
  const bytes = await readWasm();
  const patched = redirectNumberText(bytes);
  const changed = patched.filter((byte, i) => byte !== bytes[i]);
  deepStrictEqual([...changed], [153, 0, 153, 0, 153, 0, 153, 0]);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(patched));
  deepStrictEqual(imports[25]?.name, NUMBER_TEXT);
});

Deno.test("redirectNumberText() refuses a binary that it does not know", () => {
  throws(
    () => redirectNumberText(new Uint8Array(1000)),
    /found 0 number formats/,
  );
});
