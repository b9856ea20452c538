import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LEVELS, Log, type LogRecord, silent } from "../../src/base/log.ts";

Deno.test("Log drops what is below its threshold", () => {
  const records: LogRecord[] = [];
  const log = new Log(LEVELS.warn, (record) => records.push(record));
  log.info("no");
  log.warn("yes", { a: 1 });
  log.error("also");
  deepStrictEqual(records.map((r) => [r.level, r.message]), [[4, "yes"], [
    8,
    "also",
  ]]);
  strictEqual(log.shows(LEVELS.info), false);
});

Deno.test("silent shows nothing", () => {
  strictEqual(silent.shows(LEVELS.error), false);
});
