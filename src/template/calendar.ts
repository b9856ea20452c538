/**
 * Instants, dates and zones, as Go's package time has them.
 *
 * @module
 */

/** A place's offsets from UTC. */
export interface Zone {
  /** The name of the place, or of the offset. */
  readonly name: string;
  /** Tells the abbreviation and the offset in seconds east at an instant. */
  readonly at: (unixSeconds: number) => ZoneOffset;
}

/** What holds at a place at some instant. */
export interface ZoneOffset {
  /** The abbreviation, such as `CEST`. */
  readonly name: string;
  /** Seconds east of UTC. */
  readonly seconds: number;
}

/** An instant, seen at a place. */
export interface Instant {
  /** Seconds since 1970 in UTC. */
  readonly seconds: number;
  /** Nanoseconds within the second. */
  readonly nanoseconds: number;
  /** The place. */
  readonly zone: Zone;
  /** Nanoseconds on a clock that never jumps, where it was read. */
  readonly monotonic?: bigint | undefined;
}

/** A date and a time of day. */
export interface Civil {
  /** The year. */
  readonly year: number;
  /** The month, from 1. */
  readonly month: number;
  /** The day of the month, from 1. */
  readonly day: number;
  /** The hour. */
  readonly hour: number;
  /** The minute. */
  readonly minute: number;
  /** The second. */
  readonly second: number;
  /** The day of the year, from 1. */
  readonly yearDay: number;
  /** The day of the week; Sunday is 0. */
  readonly weekday: number;
}

/** UTC. */
export const UTC: Zone = {
  name: "UTC",
  at: () => ({ name: "UTC", seconds: 0 }),
};

const DAY = 86_400;

/** A zone that is always the same. */
export function fixedZone(name: string, seconds: number): Zone {
  return { name, at: () => ({ name, seconds }) };
}

// Locales whose abbreviations together cover the zones that have any.
const LOCALES = ["en-US", "en-GB", "en-AU", "en-NZ", "en-ZA", "en-IN", "ja-JP"];

/** The zone of this machine. */
export function localZone(): Zone {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  if (timeZone === "UTC" || timeZone === "Etc/UTC") return UTC;
  return { name: "Local", at: (unixSeconds) => localOffset(unixSeconds) };
}

function localOffset(unixSeconds: number): ZoneOffset {
  const date = new Date(unixSeconds * 1000);
  if (Number.isNaN(date.getTime())) return UTC.at(unixSeconds);
  const seconds = Math.round(-date.getTimezoneOffset() * 60);
  for (const locale of LOCALES) {
    const name = new Intl.DateTimeFormat(locale, { timeZoneName: "short" })
      .formatToParts(date)
      .find(({ type }) => type === "timeZoneName")?.value ?? "";
    if (/^[A-Z]{3,5}$/.test(name)) return { name, seconds };
  }
  // Go's zone files name a zone without letters by its offset.
  return { name: offsetText(seconds, seconds % 3600 === 0), seconds };
}

/** Writes an offset as `+0200`, or as `+02`. */
function offsetText(seconds: number, isShort: boolean): string {
  const minutes = Math.trunc(Math.abs(seconds) / 60);
  const hour = String(Math.trunc(minutes / 60)).padStart(2, "0");
  const minute = String(minutes % 60).padStart(2, "0");
  return `${seconds < 0 ? "-" : "+"}${hour}${isShort ? "" : minute}`;
}

/** Whether a year has 366 days. */
export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** How many days come before a month; 13 stands for the next January. */
export function daysBefore(month: number, leap: boolean): number {
  const days = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
  return (days[month - 1] ?? 0) + (leap && month > 2 ? 1 : 0);
}

/** How many days a month has. */
export function daysIn(month: number, year: number): number {
  const leap = isLeap(year);
  return daysBefore(month + 1, leap) - daysBefore(month, leap);
}

/** Days since 1970 of a date; months and days may lie out of range. */
function daysFrom(year: number, month: number, day: number): number {
  const years = year + Math.floor((month - 1) / 12);
  const inYear = ((month - 1) % 12 + 12) % 12 + 1;
  const before = years - 1;
  const leaps = Math.floor(before / 4) - Math.floor(before / 100) +
    Math.floor(before / 400);
  // 719162 days lie between the first day of year 1 and 1970.
  return before * 365 + leaps - 719_162 +
    daysBefore(inYear, isLeap(years)) + day - 1;
}

/** The seconds since 1970 of a date and a time of day in UTC. */
export function unixFrom(
  date: Pick<Civil, "year" | "month" | "day" | "hour" | "minute" | "second">,
): number {
  const { year, month, day, hour, minute, second } = date;
  return daysFrom(year, month, day) * DAY + hour * 3600 + minute * 60 +
    second;
}

/** The instant of a date and a time of day at a place. */
export function instantFrom(
  date: Parameters<typeof unixFrom>[0],
  options: { readonly nanoseconds: number; readonly zone: Zone },
): Instant {
  const { nanoseconds, zone } = options;
  const local = unixFrom(date);
  const guess = zone.at(local).seconds;
  // The offset is that of the instant, which the offset itself moves.
  const seconds = local - zone.at(local - guess).seconds;
  return { seconds, nanoseconds, zone };
}

/** Whole days since 1970 at the place. */
function dayNumber(instant: Instant): number {
  return Math.floor((instant.seconds + offsetOf(instant).seconds) / DAY);
}

/** What holds at the instant's place. */
export function offsetOf({ seconds, zone }: Instant): ZoneOffset {
  return zone.at(seconds);
}

/** The date and the time of day at the instant's place. */
export function civilOf(instant: Instant): Civil {
  const days = dayNumber(instant);
  const time = instant.seconds + offsetOf(instant).seconds - days * DAY;
  return {
    ...dateOf(days),
    hour: Math.floor(time / 3600),
    minute: Math.floor(time / 60) % 60,
    second: time % 60,
    weekday: ((days + 4) % 7 + 7) % 7, // 1970 began on a Thursday
  };
}

function dateOf(
  days: number,
): Pick<Civil, "year" | "month" | "day" | "yearDay"> {
  let year = 1970 + Math.floor(days / 365.2425);
  while (daysFrom(year, 1, 1) > days) year--;
  while (daysFrom(year + 1, 1, 1) <= days) year++;
  const yearDay = days - daysFrom(year, 1, 1) + 1;
  const leap = isLeap(year);
  let month = 12;
  while (daysBefore(month, leap) >= yearDay) month--;
  return { year, month, day: yearDay - daysBefore(month, leap), yearDay };
}

/** Moves an instant by nanoseconds. */
export function addNanoseconds(instant: Instant, by: bigint): Instant {
  const total = BigInt(instant.nanoseconds) + by;
  const carry = floorDivide(total, 1_000_000_000n);
  return {
    ...instant,
    seconds: instant.seconds + Number(carry),
    nanoseconds: Number(total - carry * 1_000_000_000n),
    monotonic: instant.monotonic === undefined
      ? undefined
      : instant.monotonic + by,
  };
}

/** The quotient, rounded down. */
export function floorDivide(a: bigint, b: bigint): bigint {
  return a / b - (a % b < 0n ? 1n : 0n);
}

/** Nanoseconds since 1970. */
export function unixNanoseconds(instant: Instant): bigint {
  return BigInt(instant.seconds) * 1_000_000_000n +
    BigInt(instant.nanoseconds);
}

/** The same instant at another place, without its monotonic reading. */
export function inZone(instant: Instant, zone: Zone): Instant {
  const { seconds, nanoseconds } = instant;
  return { seconds, nanoseconds, zone };
}
