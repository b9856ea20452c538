import { deepStrictEqual, throws } from "node:assert/strict";
import { logFlags, logSettings } from "../../src/cli/log_flags.ts";

Deno.test("logSettings() takes json alone from --logopt", () => {
  const settings = (logopt: string[]) =>
    logSettings({ verbosity: "INFO", logopt });
  deepStrictEqual(settings(["json"]), { threshold: 0, json: true });
  deepStrictEqual(settings(["json,x", "other"]), { threshold: 0, json: false });
});

Deno.test("logSettings() refuses an empty level", () => {
  throws(() => logSettings({ verbosity: "", logopt: [] }), { code: "usage" });
});

Deno.test("logFlags() has the tool's own default", () => {
  deepStrictEqual(logFlags("INFO").verbosity.default, "INFO");
});
