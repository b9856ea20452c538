/**
 * What can be said of an instant, and done with it.
 *
 * @module
 */
import { MONTHS } from "../base/calendar_names.ts";
import { type ByteString, fromBytes, toByteString } from "./byte_string.ts";
import {
  civilOf,
  type Instant,
  instantFrom,
  localZone,
  offsetOf,
  unixNanoseconds,
  UTC,
  type Zone,
} from "./calendar.ts";
import { BILLION } from "./duration.ts";
import { GoError } from "./errors.ts";
import { formatTime } from "./time_layout.ts";
import { parseTime } from "./time_parse.ts";
import type { Result } from "./type.ts";

/** Seconds from the start of year 1 to 1970. */
export const YEAR_1 = 62_135_596_800;

const RFC_3339_NANO = "2006-01-02T15:04:05.999999999Z07:00";

/** The zero `time.Time`. */
export const ZERO: Instant = { seconds: -YEAR_1, nanoseconds: 0, zone: UTC };

/** Tells an instant from other data. */
export function isInstant(data: unknown): data is Instant {
  return typeof data === "object" && data !== null && "seconds" in data &&
    "zone" in data;
}

/** Tells a zone from other data. */
export function isZone(data: unknown): data is Zone {
  return typeof data === "object" && data !== null && "at" in data;
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

/** How two instants lie: by the monotonic clock where both read it. */
export function compare(a: Instant, b: Instant): bigint {
  return a.monotonic !== undefined && b.monotonic !== undefined
    ? a.monotonic - b.monotonic
    : unixNanoseconds(a) - unixNanoseconds(b);
}

/** Adds years, months and days; days that a month lacks run into the next. */
export function addDate(instant: Instant, args: readonly Result[]): Instant {
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

/** What `Time.GoString` gives. */
export function goText(instant: Instant): ByteString {
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
export function strictText(instant: Instant, caller: string): ByteString {
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

/** What `Time.MarshalBinary` gives: a version, seconds, nanoseconds, the offset. */
export function binaryText(instant: Instant): ByteString {
  const { zone, seconds, nanoseconds } = instant;
  const offset = offsetOf(instant).seconds;
  const minutes = zone === UTC ? -1 : Math.trunc(offset / 60);
  if (zone !== UTC && minutes === -1) {
    throw new GoError("Time.MarshalBinary: unexpected zone offset");
  }
  const rest = offset % 60;
  const view = new DataView(new ArrayBuffer(rest === 0 ? 15 : 16));
  view.setUint8(0, rest === 0 ? 1 : 2);
  view.setBigInt64(1, BigInt(seconds + YEAR_1));
  view.setInt32(9, nanoseconds);
  view.setInt16(13, minutes);
  if (rest !== 0) view.setInt8(15, rest);
  return fromBytes(new Uint8Array(view.buffer));
}

/** Whether the offset is larger than the least one of the year. */
export function isSummerTime(instant: Instant): boolean {
  const { year } = civilOf(instant);
  const offsets = [0, 6].map((month) =>
    instant.zone.at(Date.UTC(year, month, 1) / 1000).seconds
  );
  return offsetOf(instant).seconds > Math.min(...offsets);
}
