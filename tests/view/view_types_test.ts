import { strictEqual } from "node:assert/strict";
import { VIEW_TYPES } from "../../src/view/view_types.ts";

Deno.test("VIEW_TYPES has each type under its Go name", () => {
  for (const [name, type] of VIEW_TYPES) strictEqual(type.name, name);
  for (
    const name of ["ref.Ref", "manifest.oci1Index", "tag.List", "config.Host"]
  ) strictEqual(VIEW_TYPES.has(name), true, name);
});
