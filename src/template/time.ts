/**
 * The types of Go's package time: `Time`, `Duration`, `Month`, `Weekday`,
 * `Location`, with their methods.
 *
 * @module
 */
import { type ByteString, toByteString } from "./byte_string.ts";
import {
  addNanoseconds,
  civilOf,
  type Instant,
  inZone,
  localZone,
  unixNanoseconds,
  UTC,
  type Zone,
} from "./calendar.ts";
import { BILLION, DURATION, saturate } from "./duration.ts";
import { GoError } from "./errors.ts";
import { method } from "./go_method.ts";
import {
  addDate,
  binaryText,
  compare,
  goText,
  isInstant,
  isSummerTime,
  isZone,
  now,
  strictText,
  timeText,
  YEAR_1,
  ZERO,
} from "./instant.ts";
import { ERROR, pointerTo, sliceOf, structType } from "./make_type.ts";
import { MONTH, WEEKDAY } from "./month.ts";
import { formatTime } from "./time_layout.ts";
import { parseTime } from "./time_parse.ts";
import {
  BOOL,
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

const BYTES = sliceOf(UINT8);

/** The instant that a `time.Time` is. */
export function instantOf(value: Result): Instant {
  return isInstant(value?.data) ? value.data : ZERO;
}

/** A `time.Time`. */
export function timeValue(instant: Instant): Value {
  return new Value(TIME, instant);
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
    ...["MarshalBinary", "GobEncode"].map((name) =>
      method(
        name,
        [],
        [BYTES, ERROR],
        (receiver) => bytesValue(binaryText(instantOf(receiver))),
      )
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
