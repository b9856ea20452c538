import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { parseSchedule } from "../../src/schedule/cron.ts";
import { localZone, offsetAt } from "../../src/schedule/zone.ts";

interface Vector {
  readonly spec: string;
  readonly after?: string;
  readonly next?: readonly string[];
  readonly error?: string;
}

const { vectors }: { vectors: readonly Vector[] } = JSON.parse(
  Deno.readTextFileSync(
    new URL("./testdata/cron_vectors.json", import.meta.url),
  ),
);

function following(spec: string, after: string, count: number): string[] {
  const schedule = parseSchedule(spec);
  const times: string[] = [];
  let time = schedule.next(Date.parse(after));
  while (time !== undefined && times.length < count) {
    times.push(new Date(time).toISOString().replace(".000Z", "Z"));
    time = schedule.next(time);
  }
  return times;
}

Deno.test("parseSchedule() refuses what the reference refuses, in its words", () => {
  const wrong = vectors.filter(({ error }) => error !== undefined);
  strictEqual(wrong.length > 30, true);
  for (const { spec, error } of wrong) {
    throws(() => parseSchedule(spec), { code: "config", message: error }, spec);
  }
});

Deno.test("parseSchedule() answers a zone without fields with an error", () => {
  throws(() => parseSchedule("TZ=UTC"), /expected exactly 5 fields, found 0/);
  throws(() => parseSchedule("CRON_TZ=Europe/Berlin "), /found 0: \[\]/);
});

Deno.test("next() gives the times of the reference, in every zone and across changes of clocks", () => {
  // Where there is no zone in it, the vectors were made with that of this test.
  const right = vectors.filter(({ spec, next }) =>
    next && (spec.includes("TZ=") || localZone() === "UTC")
  );
  strictEqual(right.length > 100, true);
  for (const { spec, after = "", next = [] } of right) {
    deepStrictEqual(following(spec, after, next.length), next, spec);
  }
});

Deno.test("next() loses no day where clocks change by half an hour", () => {
  deepStrictEqual(
    following("TZ=Australia/Lord_Howe @daily", "2024-10-05T10:00:00Z", 3),
    ["2024-10-05T13:30:00Z", "2024-10-06T13:00:00Z", "2024-10-07T13:00:00Z"],
  );
});

Deno.test("next() finds no time for a day that does not exist", () => {
  strictEqual(parseSchedule("TZ=UTC 0 0 31 2 *").next(0), undefined);
  strictEqual(parseSchedule(", * * * *").next(0), undefined);
});

Deno.test("next() lies after its argument and shows the hour that was asked for", () => {
  const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"];
  fc.assert(fc.property(
    fc.constantFrom(...zones),
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 0, max: 59 }),
    fc.integer({ min: 1.5e12, max: 1.8e12 }),
    (zone, hour, minute, after) => {
      const spec = `TZ=${zone} ${minute} ${hour} * * *`;
      const next = parseSchedule(spec).next(after) ?? NaN;
      const wall = new Date(next + offsetAt(next, zone));
      strictEqual(next > after, true);
      strictEqual(next - after <= 49 * 3_600_000, true);
      deepStrictEqual([wall.getUTCHours(), wall.getUTCMinutes()], [
        hour,
        minute,
      ]);
    },
  ));
});
