import { deepStrictEqual } from "node:assert/strict";
import { MONTHS, WEEKDAYS } from "../../src/base/calendar_names.ts";

Deno.test("MONTHS and WEEKDAYS are in the order in which dates count them", () => {
  const name = (at: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" })
      .format(at);
  // The first of October 2023 was a Sunday.
  const days = WEEKDAYS.map((_, day) =>
    name(Date.UTC(2023, 9, 1 + day), { weekday: "long" })
  );
  const months = MONTHS.map((_, month) =>
    name(Date.UTC(2023, month, 1), { month: "long" })
  );
  deepStrictEqual([MONTHS, MONTHS.length], [months, 12]);
  deepStrictEqual([WEEKDAYS, WEEKDAYS.length], [days, 7]);
});
