import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { checkZone, nextChange, offsetAt } from "../../src/schedule/zone.ts";

const HOUR = 3_600_000;

Deno.test("offsetAt() knows summer and winter, and years before our era", () => {
  strictEqual(offsetAt(Date.UTC(2024, 0, 1), "Europe/Berlin"), HOUR);
  strictEqual(offsetAt(Date.UTC(2024, 6, 1), "Europe/Berlin"), 2 * HOUR);
  strictEqual(offsetAt(Date.UTC(2024, 6, 1), "America/New_York"), -4 * HOUR);
  strictEqual(offsetAt(Date.UTC(2024, 6, 1) + 999, "Asia/Kolkata"), 5.5 * HOUR);
  strictEqual(offsetAt(0, "UTC"), 0);
});

Deno.test("nextChange() finds the instant at which clocks change", () => {
  deepStrictEqual(
    nextChange(Date.UTC(2024, 0, 1), Date.UTC(2024, 11, 1), "Europe/Berlin"),
    { at: Date.UTC(2024, 2, 31, 1), offset: 2 * HOUR },
  );
  strictEqual(
    nextChange(Date.UTC(2024, 0, 1), Date.UTC(2024, 2, 31), "Europe/Berlin"),
    undefined,
  );
  strictEqual(nextChange(0, 1e12, "UTC"), undefined);
});

Deno.test("checkZone() refuses a zone that nobody knows", () => {
  checkZone("");
  checkZone("Local");
  checkZone("Asia/Tokyo");
  throws(() => checkZone("Foo/Bar"), {
    code: "config",
    message: "provided bad location Foo/Bar: unknown time zone Foo/Bar",
  });
});
