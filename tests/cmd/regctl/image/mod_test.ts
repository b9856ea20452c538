import { ok } from "node:assert/strict";
import { imageCommands } from "../../../../src/cmd/regctl/image/mod.ts";

Deno.test("image holds the commands that act on manifests under its own names", () => {
  const names = imageCommands.map(({ name }) => name);
  for (const name of ["copy", "delete", "digest", "manifest"]) {
    ok(names.includes(name), name);
  }
});
