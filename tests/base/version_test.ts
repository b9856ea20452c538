import { strictEqual } from "node:assert/strict";
import { VERSION } from "../../src/base/version.ts";

Deno.test("VERSION is the version in deno.json", async () => {
  const config = await Deno.readTextFile(
    new URL("../../deno.json", import.meta.url),
  );
  strictEqual(JSON.parse(config).version, VERSION);
});
