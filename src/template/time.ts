/**
 * The types of Go's package time: `Time`, `Duration`, `Month`, `Weekday`,
 * `Location`, with their methods.
 *
 * @module
 */
import { MONTHS, WEEKDAYS } from "../base/calendar_names.ts";
import { formatDuration } from "../base/duration.ts";
import { type ByteString, toByteString } from "./byte_string.ts";
import {
  addNanoseconds,
  civilOf,
  type Instant,
  instantFrom,
  inZone,
  localZone,
  offsetOf,
  unixNanoseconds,
  UTC,
  type Zone,
} from "./calendar.ts";
import { GoError } from "./errors.ts";
import { formatTime } from "./time_layout.ts";
import { parseTime } from "./time_parse.ts";
import {
  ERROR,
  functionOf,
  namedType,
  pointerTo,
  sliceOf,
  structType,
} from "./make_type.ts";
import {
  BOOL,
  FLOAT64,
  INT,
  INT64,
  type Method,
  type Result,
  STRING,
  type Type,
  UINT64,
  UINT8,
  Value,
} from "./type.ts";
import { boolValue, bytesValue, elem, stringValue, wrap } from "./value.ts";

const BILLION = 1_000_000_000n;
const YEAR_1 = 62_135_596_800; // seconds from the start of year 1 to 1970
const LONGEST = 2n ** 63n - 1n;
const RFC_3339_NANO = "2006-01-02T15:04:05.999999999Z07:00";

/** `time.Month`. */
export const MONTH: Type = namedType("time.Month", INT, {
  methods: () => [
    method(
      "String",
      [],
      [STRING],
      ({ int }) =>
        stringValue(nameOf(MONTHS, int - 1n, `%!Month(${natural(int)})`)),
    ),
  ],
});

/** `time.Weekday`. */
export const WEEKDAY: Type = namedType("time.Weekday", INT, {
  methods: () => [
    method(
      "String",
      [],
      [STRING],
      ({ int }) =>
        stringValue(nameOf(WEEKDAYS, int, `%!Weekday(${natural(int)})`)),
    ),
  ],
});

/** `time.Duration`, in nanoseconds. */
export const DURATION: Type = namedType("time.Duration", INT64, {
  methods: durationMethods,
});

/** `time.Location`; its data is a {@linkcode Zone}. */
export const LOCATION: Type = structType("time.Location", {
  fields: () => [{ name: "name", type: STRING, unexported: true }],
  methods: () => [
    method("String", [], [STRING], (receiver) => {
      const zone = elem(receiver)?.data;
      return stringValue(isZone(zone) ? toByteString(zone.name) : "UTC");
    }, { pointer: true }),
  ],
});

/** `time.Time`; its data is an {@linkcode Instant}, null the zero time. */
export const TIME: Type = structType("time.Time", {
  fields: () => [
    {
      name: "wall",
      type: UINT64,
      unexported: true,
      get: (host) => isInstant(host) ? host.nanoseconds : 0,
    },
    {
      name: "ext",
      type: INT64,
      unexported: true,
      get: (host) => isInstant(host) ? BigInt(host.seconds + YEAR_1) : 0,
    },
    {
      name: "loc",
      type: pointerTo(LOCATION),
      unexported: true,
      get: (host) => isInstant(host) && host.zone !== UTC ? host.zone : null,
    },
  ],
  methods: timeMethods,
});

const ZERO: Instant = { seconds: -YEAR_1, nanoseconds: 0, zone: UTC };
const BYTES = sliceOf(UINT8);

function isInstant(data: unknown): data is Instant {
  return typeof data === "object" && data !== null && "seconds" in data &&
    "zone" in data;
}

function isZone(data: unknown): data is Zone {
  return typeof data === "object" && data !== null && "at" in data;
}

/** The instant that a `time.Time` is. */
export function instantOf(value: Result): Instant {
  return isInstant(value?.data) ? value.data : ZERO;
}

/** A `time.Time`. */
export function timeValue(instant: Instant): Value {
  return new Value(TIME, instant);
}

/**
 * Reads an RFC 3339 time, as Go's JSON reader does.
 *
 * @throws {GoError} For any other text.
 */
export function parseRfc3339(text: string): Instant {
  return parseTime(
    "2006-01-02T15:04:05Z07:00",
    toByteString(text),
    localZone(),
  );
}

const started = performance.now();

/** The time now, with a reading of the monotonic clock. */
export function now(): Instant {
  const elapsed = performance.now() - started;
  const whole = Date.now();
  const micro = Math.floor(
    (performance.timeOrigin + performance.now()) % 1 *
      1e6,
  );
  return {
    seconds: Math.floor(whole / 1000),
    nanoseconds: whole % 1000 * 1_000_000 + micro,
    zone: localZone(),
    monotonic: BigInt(Math.round(elapsed * 1e6)) + 1n,
  };
}

type Run = (receiver: Value, args: readonly Result[]) => Result;

function method(
  name: string,
  parameters: readonly Type[],
  results: readonly Type[],
  ...[call, options = {}]: readonly [
    call: Run,
    options?: { readonly pointer?: boolean },
  ]
): Method {
  return { name, type: functionOf(parameters, results), call, ...options };
}

function natural(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function nameOf(
  names: readonly string[],
  index: bigint,
  otherwise: string,
): string {
  return index < 0n ? otherwise : names[Number(index)] ?? otherwise;
}

function saturate(value: bigint): bigint {
  return value > LONGEST
    ? LONGEST
    : value < -LONGEST - 1n
    ? -LONGEST - 1n
    : value;
}

/** Rounds to a multiple, half away from zero; overflow stops at the limits. */
function roundTo(value: bigint, unit: bigint): bigint {
  if (unit <= 0n) return value;
  const size = value < 0n ? -value : value;
  const rest = size % unit;
  const rounded = rest * 2n < unit ? size - rest : size + unit - rest;
  return saturate(value < 0n ? -rounded : rounded);
}

function durationMethods(): readonly Method[] {
  const inUnits = (name: string, unit: bigint) =>
    method(name, [], [INT64], ({ int }) => wrap(INT64, int / unit));
  const asFloat = (name: string, unit: bigint) =>
    method(
      name,
      [],
      [FLOAT64],
      ({ int }) =>
        wrap(FLOAT64, Number(int / unit) + Number(int % unit) / Number(unit)),
    );
  const duration = (value: bigint) => new Value(DURATION, value);
  const given = (args: readonly Result[]) => args[0]?.int ?? 0n;
  return [
    method(
      "Abs",
      [],
      [DURATION],
      ({ int }) => duration(saturate(int < 0n ? -int : int)),
    ),
    asFloat("Hours", 3600n * BILLION),
    inUnits("Microseconds", 1000n),
    inUnits("Milliseconds", 1_000_000n),
    asFloat("Minutes", 60n * BILLION),
    inUnits("Nanoseconds", 1n),
    method(
      "Round",
      [DURATION],
      [DURATION],
      ({ int }, args) => duration(roundTo(int, given(args))),
    ),
    asFloat("Seconds", BILLION),
    method(
      "String",
      [],
      [STRING],
      ({ int }) => stringValue(toByteString(formatDuration(int))),
    ),
    method(
      "Truncate",
      [DURATION],
      [DURATION],
      ({ int }, args) =>
        duration(given(args) <= 0n ? int : int - int % given(args)),
    ),
  ];
}

function timeMethods(): readonly Method[] {
  return [
    ...partMethods(),
    ...comparisonMethods(),
    ...arithmeticMethods(),
    ...textMethods(),
    ...zoneMethods(),
    ...readerMethods(),
  ];
}

function partMethods(): readonly Method[] {
  const part = (
    name: string,
    type: Type,
    read: (instant: Instant) => number | bigint,
  ) =>
    method(
      name,
      [],
      [type],
      (receiver) => wrap(type, read(instantOf(receiver))),
    );
  const unix = (name: string, unit: bigint) =>
    part(name, INT64, (instant) => {
      const scaled = BigInt(instant.seconds) * (BILLION / unit) +
        BigInt(instant.nanoseconds) / unit;
      return BigInt.asIntN(64, scaled);
    });
  // What gives several values at once cannot be called from a template.
  const several = (name: string, ...results: readonly Type[]) =>
    method(name, [], results, () => undefined);
  return [
    part("Year", INT, (instant) => civilOf(instant).year),
    part("Month", MONTH, (instant) => civilOf(instant).month),
    part("Day", INT, (instant) => civilOf(instant).day),
    part("Hour", INT, (instant) => civilOf(instant).hour),
    part("Minute", INT, (instant) => civilOf(instant).minute),
    part("Second", INT, (instant) => civilOf(instant).second),
    part("Nanosecond", INT, ({ nanoseconds }) => nanoseconds),
    part("YearDay", INT, (instant) => civilOf(instant).yearDay),
    part("Weekday", WEEKDAY, (instant) => civilOf(instant).weekday),
    unix("Unix", BILLION),
    unix("UnixMilli", 1_000_000n),
    unix("UnixMicro", 1000n),
    unix("UnixNano", 1n),
    several("Clock", INT, INT, INT),
    several("Date", INT, MONTH, INT),
    several("ISOWeek", INT, INT),
    several("Zone", STRING, INT),
    several("ZoneBounds", TIME, TIME),
  ];
}

/** How two instants lie: by the monotonic clock where both read it. */
function compare(a: Instant, b: Instant): bigint {
  return a.monotonic !== undefined && b.monotonic !== undefined
    ? a.monotonic - b.monotonic
    : unixNanoseconds(a) - unixNanoseconds(b);
}

function comparisonMethods(): readonly Method[] {
  const test = (name: string, holds: (difference: bigint) => boolean) =>
    method(
      name,
      [TIME],
      [BOOL],
      (receiver, [other]) =>
        boolValue(holds(compare(instantOf(receiver), instantOf(other)))),
    );
  return [
    test("After", (difference) => difference > 0n),
    test("Before", (difference) => difference < 0n),
    test("Equal", (difference) => difference === 0n),
    method("Compare", [TIME], [INT], (receiver, [other]) => {
      const difference = compare(instantOf(receiver), instantOf(other));
      return wrap(INT, difference < 0n ? -1 : difference > 0n ? 1 : 0);
    }),
    method("IsZero", [], [BOOL], (receiver) => {
      const { seconds, nanoseconds } = instantOf(receiver);
      return boolValue(seconds === -YEAR_1 && nanoseconds === 0);
    }),
    method("Sub", [TIME], [DURATION], (receiver, [other]) =>
      new Value(
        DURATION,
        saturate(compare(instantOf(receiver), instantOf(other))),
      )),
  ];
}

function arithmeticMethods(): readonly Method[] {
  const snap = (name: string, round: boolean) =>
    method(name, [DURATION], [TIME], (receiver, [unit]) => {
      const instant = instantOf(receiver);
      const moved = inZone(instant, instant.zone);
      const size = unit?.int ?? 0n;
      if (size <= 0n) return timeValue(moved);
      const sinceYear1 = unixNanoseconds(instant) + BigInt(YEAR_1) * BILLION;
      const rest = ((sinceYear1 % size) + size) % size;
      const up = round && rest * 2n >= size;
      return timeValue(addNanoseconds(moved, up ? size - rest : -rest));
    });
  return [
    method(
      "Add",
      [DURATION],
      [TIME],
      (receiver, [by]) =>
        timeValue(addNanoseconds(instantOf(receiver), by?.int ?? 0n)),
    ),
    method(
      "AddDate",
      [INT, INT, INT],
      [TIME],
      (receiver, args) => timeValue(addDate(instantOf(receiver), args)),
    ),
    snap("Round", true),
    snap("Truncate", false),
  ];
}

function addDate(instant: Instant, args: readonly Result[]): Instant {
  const [years = 0, months = 0, days = 0] = args.map((arg) =>
    Number(arg?.int ?? 0n)
  );
  const civil = civilOf(instant);
  const date = {
    ...civil,
    year: civil.year + years,
    month: civil.month + months,
    day: civil.day + days,
  };
  if (!Object.values(date).every(Number.isSafeInteger)) return ZERO;
  const { nanoseconds, zone } = instant;
  return instantFrom(date, { nanoseconds, zone });
}

/** What `Time.String` gives. */
export function timeText(instant: Instant): ByteString {
  const text = formatTime(
    instant,
    "2006-01-02 15:04:05.999999999 -0700 MST",
  );
  const { monotonic } = instant;
  if (monotonic === undefined) return text;
  const size = monotonic < 0n ? -monotonic : monotonic;
  const fraction = (size % BILLION).toString().padStart(9, "0");
  return `${text} m=${monotonic < 0n ? "-" : "+"}${size / BILLION}.${fraction}`;
}

function goText(instant: Instant): ByteString {
  const { year, month, day, hour, minute, second } = civilOf(instant);
  const { zone, nanoseconds } = instant;
  const place = zone === UTC
    ? "time.UTC"
    : zone.name === "Local"
    ? "time.Local"
    : `time.Location(${JSON.stringify(zone.name)})`;
  const parts = [
    year,
    `time.${MONTHS[month - 1]}`,
    day,
    hour,
    minute,
    second,
    nanoseconds,
  ];
  return toByteString(`time.Date(${parts.join(", ")}, ${place})`);
}

/** What `Time.MarshalText` gives; JSON allows four digits for the year and 23 hours. */
function strictText(instant: Instant, caller: string): ByteString {
  const { year } = civilOf(instant);
  if (year < 0 || year > 9999) {
    throw new GoError(`${caller}: year outside of range [0,9999]`);
  }
  if (Math.abs(offsetOf(instant).seconds) >= 24 * 3600) {
    throw new GoError(
      `${caller}: timezone hour outside of range [0,23]`,
    );
  }
  return formatTime(instant, RFC_3339_NANO);
}

function textMethods(): readonly Method[] {
  return [
    method(
      "Format",
      [STRING],
      [STRING],
      (receiver, [layout]) =>
        stringValue(formatTime(instantOf(receiver), layout?.string ?? "")),
    ),
    method("AppendFormat", [BYTES, STRING], [BYTES], (receiver, args) => {
      const [before, layout] = args;
      const text = formatTime(instantOf(receiver), layout?.string ?? "");
      return bytesValue(bytesBefore(before) + text);
    }),
    method(
      "String",
      [],
      [STRING],
      (receiver) => stringValue(timeText(instantOf(receiver))),
    ),
    method(
      "GoString",
      [],
      [STRING],
      (receiver) => stringValue(goText(instantOf(receiver))),
    ),
    method("MarshalJSON", [], [BYTES, ERROR], (receiver) => {
      const text = strictText(instantOf(receiver), "Time.MarshalJSON");
      return bytesValue(`"${text}"`);
    }),
    method(
      "MarshalText",
      [],
      [BYTES, ERROR],
      (receiver) =>
        bytesValue(strictText(instantOf(receiver), "Time.MarshalText")),
    ),
  ];
}

function bytesBefore(value: Result): ByteString {
  const items = value?.elements?.items;
  return items instanceof Uint8Array ? wrap(STRING, items).string : "";
}

function zoneMethods(): readonly Method[] {
  const move = (name: string, zone: () => Zone) =>
    method(
      name,
      [],
      [TIME],
      (receiver) => timeValue(inZone(instantOf(receiver), zone())),
    );
  return [
    move("UTC", () => UTC),
    move("Local", localZone),
    method("In", [pointerTo(LOCATION)], [TIME], (receiver, [location]) => {
      const zone = location === undefined ? undefined : elem(location)?.data;
      if (!isZone(zone)) {
        throw new GoError("time: missing Location in call to Time.In");
      }
      return timeValue(inZone(instantOf(receiver), zone));
    }),
    method(
      "Location",
      [],
      [pointerTo(LOCATION)],
      (receiver) => wrap(pointerTo(LOCATION), instantOf(receiver).zone),
    ),
    method("IsDST", [], [BOOL], (receiver) => {
      const instant = instantOf(receiver);
      return boolValue(isSummerTime(instant));
    }),
  ];
}

/** Whether the offset is larger than the least one of the year. */
function isSummerTime(instant: Instant): boolean {
  const { year } = civilOf(instant);
  const offsets = [0, 6].map((month) =>
    instant.zone.at(Date.UTC(year, month, 1) / 1000).seconds
  );
  return offsetOf(instant).seconds > Math.min(...offsets);
}

/** Methods of the pointer that templates can name but not use. */
function readerMethods(): readonly Method[] {
  return ["UnmarshalJSON", "UnmarshalText", "UnmarshalBinary", "GobDecode"]
    .map((name) =>
      method(name, [BYTES], [ERROR], () => undefined, { pointer: true })
    );
}

/** What the function `time` gives. */
export const TIME_FUNCTIONS: Type = structType("template.TimeFuncs", {
  methods: () => [
    method("Now", [], [TIME], () => timeValue(now()), { pointer: true }),
    method(
      "Parse",
      [STRING, STRING],
      [TIME, ERROR],
      (_, [layout, value]) =>
        timeValue(
          parseTime(layout?.string ?? "", value?.string ?? "", localZone()),
        ),
      { pointer: true },
    ),
  ],
});
