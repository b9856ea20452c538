/**
 * Go's layouts: times written as the reference time, January 2, 15:04:05 2006.
 *
 * @module
 */
import { MONTHS, WEEKDAYS } from "../base/calendar_names.ts";
import type { ByteString } from "./byte_string.ts";
import { civilOf, type Instant, offsetOf } from "./calendar.ts";

const ELEMENT = new RegExp(
  [
    "January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST",
    "0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm",
    "[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07",
    "[.,](?:0+|9+)(?!\\d)",
  ].join("|"),
);

/** What comes first in a layout. */
export interface LayoutChunk {
  /** Text that stands for itself. */
  readonly prefix: ByteString;
  /** The element; empty at the end. */
  readonly element: string;
  /** What follows. */
  readonly rest: ByteString;
}

/** Cuts the first element off a layout. */
export function nextChunk(layout: ByteString): LayoutChunk {
  const found = ELEMENT.exec(layout);
  if (found === null) return { prefix: layout, element: "", rest: "" };
  const [element] = found;
  return {
    prefix: layout.slice(0, found.index),
    element,
    rest: layout.slice(found.index + element.length),
  };
}

/** Tells whether an element stands for a fraction of a second. */
export function isFraction(element: string): boolean {
  return /^[.,](?:0+|9+)$/.test(element);
}

/** Writes a time by a layout. */
export function formatTime(instant: Instant, layout: ByteString): ByteString {
  const fields = elementsOf(instant);
  let out = "";
  let rest = layout;
  while (rest !== "") {
    const chunk = nextChunk(rest);
    out += chunk.prefix;
    if (chunk.element === "") break;
    out += isFraction(chunk.element)
      ? fraction(instant.nanoseconds, chunk.element)
      : fields[chunk.element]?.() ?? zoneText(instant, chunk.element);
    rest = chunk.rest;
  }
  return out;
}

function pad(value: number, width: number, fill = "0"): string {
  const sign = value < 0 ? "-" : "";
  return sign + String(Math.abs(value)).padStart(width, fill);
}

function elementsOf(
  instant: Instant,
): Readonly<Record<string, () => string>> {
  const civil = civilOf(instant);
  const { year, month, day, hour, minute, second, yearDay, weekday } = civil;
  const monthName = MONTHS[month - 1] ?? "";
  const dayName = WEEKDAYS[weekday] ?? "";
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const half = hour >= 12 ? "PM" : "AM";
  return {
    "2006": () => pad(year, 4),
    "06": () => pad(Math.abs(year) % 100, 2),
    January: () => monthName,
    Jan: () => monthName.slice(0, 3),
    "01": () => pad(month, 2),
    "1": () => pad(month, 0),
    Monday: () => dayName,
    Mon: () => dayName.slice(0, 3),
    "02": () => pad(day, 2),
    _2: () => pad(day, 2, " "),
    "2": () => pad(day, 0),
    "002": () => pad(yearDay, 3),
    __2: () => pad(yearDay, 3, " "),
    "15": () => pad(hour, 2),
    "03": () => pad(hour12, 2),
    "3": () => pad(hour12, 0),
    "04": () => pad(minute, 2),
    "4": () => pad(minute, 0),
    "05": () => pad(second, 2),
    "5": () => pad(second, 0),
    PM: () => half,
    pm: () => half.toLowerCase(),
    MST: () => offsetOf(instant).name || abbreviate(offsetOf(instant).seconds),
  };
}

/** The name of a zone that has none. */
function abbreviate(seconds: number): string {
  const minutes = Math.trunc(seconds / 60);
  const size = Math.abs(minutes);
  const hours = pad(Math.trunc(size / 60), 2);
  return `${minutes < 0 ? "-" : "+"}${hours}${pad(size % 60, 2)}`;
}

function zoneText(instant: Instant, element: string): string {
  const { seconds } = offsetOf(instant);
  if (element.startsWith("Z") && seconds === 0) return "Z";
  const size = Math.abs(seconds);
  const parts = [
    pad(Math.trunc(size / 3600), 2),
    pad(Math.trunc(size / 60) % 60, 2),
    pad(size % 60, 2),
  ];
  const digits = element.slice(1);
  const count = digits.replaceAll(":", "").length / 2;
  // Go takes the sign from the minutes: less than one is no offset to it.
  const sign = Math.trunc(seconds / 60) < 0 ? "-" : "+";
  return sign + parts.slice(0, count).join(digits.includes(":") ? ":" : "");
}

function fraction(nanoseconds: number, element: string): string {
  const mark = element.slice(0, 1);
  const digits = pad(nanoseconds, 9).slice(0, element.length - 1)
    .padEnd(Math.min(element.length - 1, 9), "0");
  if (element[1] === "0") return mark + digits;
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? "" : mark + trimmed;
}
