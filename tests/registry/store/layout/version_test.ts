import { doesNotThrow, throws } from "node:assert/strict";
import { isRegError } from "../../../../src/base/errors.ts";
import {
  checkVersion,
  LAYOUT_TEXT,
} from "../../../../src/registry/store/layout/version.ts";

const check = (text: string) =>
  checkVersion(new TextEncoder().encode(text), "ocidir://x");

Deno.test("checkVersion() takes 1.0.0 alone", () => {
  doesNotThrow(() => check(LAYOUT_TEXT));
  doesNotThrow(() => check(` {"imageLayoutVersion":"1.0.0","x":1}\n`));
  for (
    const bad of ["", "{}", "[]", "null", `{"imageLayoutVersion":"1.1.0"}`]
  ) {
    throws(() => check(bad), (error: Error) => isRegError(error, "invalid"));
  }
});
