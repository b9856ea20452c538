import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  addNanoseconds,
  civilOf,
  daysIn,
  fixedZone,
  floorDivide,
  instantFrom,
  inZone,
  isLeap,
  offsetOf,
  unixFrom,
  unixNanoseconds,
  UTC,
} from "../../src/template/calendar.ts";

Deno.test("civilOf() and unixFrom() agree with JavaScript's calendar", () => {
  fc.assert(fc.property(fc.date({ noInvalidDate: true }), (date) => {
    const seconds = Math.floor(date.getTime() / 1000);
    const civil = civilOf({ seconds, nanoseconds: 0, zone: UTC });
    deepStrictEqual(
      [
        civil.year,
        civil.month,
        civil.day,
        civil.hour,
        civil.minute,
        civil.second,
        civil.weekday,
      ],
      [
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
        date.getUTCDay(),
      ],
    );
    strictEqual(unixFrom(civil), seconds);
  }));
});

Deno.test("unixFrom() takes months and days out of range", () => {
  const at = (year: number, month: number, day: number) =>
    unixFrom({ year, month, day, hour: 0, minute: 0, second: 0 });
  strictEqual(at(2024, 14, 31), at(2025, 3, 3));
  strictEqual(at(2024, 0, 0), at(2023, 11, 30));
});

Deno.test("instants move and change place", () => {
  const zone = fixedZone("X", -3600);
  const instant = instantFrom({
    year: 2024,
    month: 2,
    day: 29,
    hour: 0,
    minute: 0,
    second: 0,
  }, { nanoseconds: 5, zone });
  strictEqual(instant.seconds, 1709168400);
  const earlier = addNanoseconds(instant, -6n);
  deepStrictEqual([earlier.seconds, earlier.nanoseconds], [
    1709168399,
    999_999_999,
  ]);
  strictEqual(unixNanoseconds(instant), 1709168400000000005n);
  strictEqual(offsetOf(inZone(instant, UTC)).seconds, 0);
});

Deno.test("years leap as in the Gregorian calendar", () => {
  deepStrictEqual([1900, 2000, 2023, 2024].map(isLeap), [
    false,
    true,
    false,
    true,
  ]);
  strictEqual(daysIn(2, 2024), 29);
  strictEqual(floorDivide(-1n, 10n), -1n);
});
