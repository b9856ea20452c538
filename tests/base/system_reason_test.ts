import { strictEqual } from "node:assert/strict";
import { systemReason } from "../../src/base/system_reason.ts";

Deno.test("systemReason() has the words of the system for what is common, and else the message", () => {
  const missing = new Deno.errors.NotFound("os error 2: stat 'x'");
  strictEqual(systemReason(missing), "no such file or directory");
  const denied = new Deno.errors.PermissionDenied("os error 13");
  strictEqual(systemReason(denied), "permission denied");
  strictEqual(systemReason(new Error("disk is full")), "disk is full");
});
