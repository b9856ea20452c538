import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { GoError } from "../../src/template/errors.ts";
import { fixedZone, offsetOf, UTC } from "../../src/template/calendar.ts";
import { formatTime } from "../../src/template/time_layout.ts";
import { parseTime } from "../../src/template/time_parse.ts";

const RFC_3339_NANO = "2006-01-02T15:04:05.999999999Z07:00";

Deno.test("parseTime() reads back what formatTime() wrote", () => {
  const layouts = [
    RFC_3339_NANO,
    "Mon, 02 Jan 2006 15:04:05.000000000 -0700",
    "2006 002 3:04:05.999999999PM Z070000",
  ];
  const when = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });
  fc.assert(
    fc.property(
      when,
      fc.integer({ min: 0, max: 999_999_999 }),
      fc.constantFrom(...layouts),
      (seconds, nanoseconds, layout) => {
        const text = formatTime({ seconds, nanoseconds, zone: UTC }, layout);
        const { seconds: s, nanoseconds: n } = parseTime(layout, text, UTC);
        deepStrictEqual([s, n], [seconds, nanoseconds]);
      },
    ),
  );
});

Deno.test("parseTime() says what does not fit, as Go does", () => {
  const cases = [
    [
      "2006-01-02",
      "2024-13-01",
      'parsing time "2024-13-01": month out of range',
    ],
    ["2006-01-02", "2024-02-30", 'parsing time "2024-02-30": day out of range'],
    [
      "2006-01-02",
      "2024-02-3",
      'parsing time "2024-02-3" as "2006-01-02": cannot parse "3" as "02"',
    ],
    ["2006", "2024x", 'parsing time "2024x": extra text: "x"'],
    [
      "1970-12-31",
      "2020-06-07",
      'parsing time "2020-06-07": month out of range',
    ],
    ["15:04", "24:00", 'parsing time "24:00": hour out of range'],
    [
      "2006 002",
      "2023 366",
      'parsing time "2023 366": day-of-year out of range',
    ],
    [
      "é",
      "e",
      'parsing time "e" as "\\xc3\\xa9": cannot parse "e" as "\\xc3\\xa9"',
    ],
  ] as const;
  for (const [layout, value, message] of cases) {
    const bytes = layout === "é" ? "\xc3\xa9" : layout;
    throws(() => parseTime(bytes, value, UTC), { message });
  }
});

Deno.test("parseTime() keeps offsets and abbreviations", () => {
  const zoned = parseTime("15:04 MST -0700", "10:00 PDT -0700", UTC);
  deepStrictEqual(offsetOf(zoned), { name: "PDT", seconds: -25_200 });
  const local = fixedZone("XYZ", 3600);
  strictEqual(parseTime("15:04 MST", "10:00 XYZ", local).zone, local);
  strictEqual(
    offsetOf(parseTime("15:04 MST", "10:00 GMT-3", UTC)).seconds,
    -10_800,
  );
});

Deno.test("parseTime() reads any text or fails with Go's error", () => {
  const piece = fc.constantFrom(
    "2006",
    "01",
    "02",
    "15",
    "3",
    "PM",
    "Jan",
    "MST",
    "-0700",
    "Z07:00",
    ".000",
    ".999",
    "002",
    "_2",
    " ",
    "x",
    "9",
    "-",
    "+",
    "UTC",
  );
  const text = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, (layout, value) => {
      try {
        parseTime(layout, value, UTC);
      } catch (error) {
        if (!(error instanceof GoError)) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});
