import { strictEqual, throws } from "node:assert/strict";
import { every } from "../../src/schedule/interval.ts";
import { parseSchedule } from "../../src/schedule/cron.ts";

Deno.test("every() fires on whole seconds, at least one apart", () => {
  strictEqual(every("1m30s").next(10_500), 100_000);
  strictEqual(every("500ms").next(10_999), 11_000);
  strictEqual(every("1.9s").next(0), 1000);
  strictEqual(every("-5s").next(0), 1000);
});

Deno.test("every() refuses what is no duration, quoting the whole", () => {
  throws(() => every("60"), {
    code: "config",
    message:
      'failed to parse duration @every 60: time: missing unit in duration "60"',
  });
  throws(() => parseSchedule("@every x"), /parse duration @every x: time/);
});
