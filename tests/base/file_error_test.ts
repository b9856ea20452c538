import { ok, strictEqual } from "node:assert/strict";
import { isRegError, RegError } from "../../src/base/errors.ts";
import { fileError } from "../../src/base/file_error.ts";

Deno.test("fileError() says what could not be done, and keeps the reason", () => {
  const cause = new Deno.errors.PermissionDenied("Permission denied");
  const error = fileError(cause, 'write "a.tar"');
  ok(isRegError(error, "file"));
  strictEqual(error.message, 'Cannot write "a.tar": Permission denied');
  strictEqual(error.cause, cause);
});

Deno.test("fileError() takes the words of an error that names its path", () => {
  const error = fileError(new Deno.errors.NotFound("no such file: open 'x'"));
  ok(isRegError(error, "file"));
  strictEqual(error.message, "no such file: open 'x'");
});

Deno.test("fileError() knows an error that has only a number of the system", () => {
  const full = Object.assign(new Error("No space left"), { code: "ENOSPC" });
  ok(isRegError(fileError(full, "write x"), "file"));
});

Deno.test("fileError() lets others pass", () => {
  for (const error of [new RegError("denied", "no"), new TypeError("x"), 7]) {
    strictEqual(fileError(error, "write x"), error);
  }
});
