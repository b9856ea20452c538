/**
 * Reads times by Go's layouts.
 *
 * @module
 */
import { MONTHS, WEEKDAYS } from "../base/calendar_names.ts";
import type { ByteString } from "./byte_string.ts";
import {
  daysBefore,
  daysIn,
  fixedZone,
  type Instant,
  instantFrom,
  isLeap,
  unixFrom,
  UTC,
  type Zone,
} from "./calendar.ts";
import { GoError } from "./errors.ts";
import { isFraction, nextChunk } from "./time_layout.ts";

/** What has been read so far. */
interface State {
  year: number;
  month?: number;
  day?: number;
  yearDay?: number;
  hour: number;
  minute: number;
  second: number;
  nanoseconds: number;
  half?: "AM" | "PM";
  zone?: Zone;
  zoneSeconds?: number;
  zoneName: string;
}

/** What reading an element can end with, other than the text that is left. */
class Problem extends Error {
  readonly value: ByteString;

  /** `message` is empty where the text does not fit the element. */
  constructor(message: string, value: ByteString) {
    super(message);
    this.value = value;
  }
}

const bad = (value: ByteString) => new Problem("", value);

/**
 * Reads a time.
 *
 * @param local The zone whose offset and abbreviations are known by name.
 * @throws {GoError} With the text of Go's `ParseError`.
 */
export function parseTime(
  layout: ByteString,
  value: ByteString,
  local: Zone,
): Instant {
  const state: State = {
    year: 0,
    hour: 0,
    minute: 0,
    second: 0,
    nanoseconds: 0,
    zoneName: "",
  };
  let rest = layout;
  let text = value;
  let element = "";
  try {
    for (;;) {
      const chunk = nextChunk(rest);
      element = chunk.prefix;
      text = skip(text, chunk.prefix);
      if (chunk.element === "") break;
      rest = chunk.rest;
      element = chunk.element;
      text = readElement(state, element, { text, rest });
    }
    if (text !== "") throw new Problem(`extra text: ${quoteTime(text)}`, text);
    return finish(state, local);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const start = `parsing time ${quoteTime(value)}`;
    throw new GoError(
      error.message !== ""
        ? `${start}: ${error.message}`
        : `${start} as ${quoteTime(layout)}: cannot parse ${
          quoteTime(error.value)
        } as ${quoteTime(element)}`,
    );
  }
}

/** The quotes of Go's package time: it escapes every byte that is not ASCII. */
function quoteTime(text: ByteString): string {
  const escaped = text.replace(
    // deno-lint-ignore no-control-regex -- control characters are what is meant
    /["\\]|[\x00-\x1f\x80-\xff]/g,
    (char) =>
      char === '"' || char === "\\"
        ? `\\${char}`
        : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}

/** Takes the text between elements; a space stands for any number of them. */
function skip(value: ByteString, prefix: ByteString): ByteString {
  let text = value;
  let rest = prefix;
  while (rest !== "") {
    if (rest.startsWith(" ")) {
      if (text !== "" && !text.startsWith(" ")) throw bad(text);
      rest = rest.replace(/^ +/, "");
      text = text.replace(/^ +/, "");
      continue;
    }
    if (text === "" || text[0] !== rest[0]) throw bad(text);
    rest = rest.slice(1);
    text = text.slice(1);
  }
  return text;
}

interface Place {
  /** What is to be read. */
  readonly text: ByteString;
  /** The layout that follows the element. */
  readonly rest: ByteString;
}

function readElement(
  state: State,
  element: string,
  { text, rest }: Place,
): ByteString {
  switch (element) {
    case "06": {
      const year = Number(take(text, /^[+-]?\d+/, 2));
      state.year = year >= 69 ? year + 1900 : year + 2000;
      return text.slice(2);
    }
    case "2006":
      state.year = Number(take(text, /^\d+/, 4));
      return text.slice(4);
    case "January":
    case "Jan":
      return readMonthName(state, element, text);
    case "Monday":
    case "Mon":
      return readName(WEEKDAYS, element === "Mon", text).rest;
    case "1":
    case "01":
      return readMonth(state, element === "01", text);
    case "2":
    case "_2":
    case "02": {
      const start = element === "_2" ? text.replace(/^ /, "") : text;
      const found = digits(start, element === "02", text);
      state.day = found.value;
      return found.rest;
    }
    case "002":
    case "__2":
      return readYearDay(state, element === "002", text);
    case "PM":
    case "pm":
      return readHalf(state, element, text);
    case "MST":
      return readZoneName(state, text);
  }
  if (isFraction(element)) return readFraction(state, element, text);
  return /^[-Z]/.test(element)
    ? readOffset(state, element, text)
    : readClock(state, element, { text, rest });
}

/** Takes so many bytes that must fit a pattern to the end. */
function take(text: ByteString, pattern: RegExp, length: number): string {
  const part = text.slice(0, length);
  if (part.length < length || pattern.exec(part)?.[0] !== part) throw bad(text);
  return part;
}

function readName(
  names: readonly string[],
  isShort: boolean,
  text: ByteString,
): { readonly index: number; readonly rest: ByteString } {
  const start = text.toLowerCase();
  for (const [index, name] of names.entries()) {
    const wanted = isShort ? name.slice(0, 3) : name;
    if (start.startsWith(wanted.toLowerCase())) {
      return { index, rest: text.slice(wanted.length) };
    }
  }
  throw bad(text);
}

function readMonthName(
  state: State,
  element: string,
  text: ByteString,
): ByteString {
  const { index, rest } = readName(MONTHS, element === "Jan", text);
  state.month = index + 1;
  return rest;
}

function readMonth(
  state: State,
  fixed: boolean,
  text: ByteString,
): ByteString {
  const { value, rest } = digits(text, fixed, text);
  if (value < 1 || value > 12) throw new Problem("month out of range", rest);
  state.month = value;
  return rest;
}

/** One or two digits, exactly two where the element is of fixed width. */
function digits(
  text: ByteString,
  fixed: boolean,
  whole: ByteString,
): { readonly value: number; readonly rest: ByteString } {
  const found = (fixed ? /^\d\d/ : /^\d\d?/).exec(text)?.[0];
  if (found === undefined) throw bad(whole);
  return { value: Number(found), rest: text.slice(found.length) };
}

function readYearDay(
  state: State,
  fixed: boolean,
  text: ByteString,
): ByteString {
  const start = fixed ? text : text.replace(/^ {1,2}/, "");
  const found = (fixed ? /^\d{3}/ : /^\d{1,3}/).exec(start)?.[0];
  if (found === undefined) throw bad(text);
  state.yearDay = Number(found);
  return start.slice(found.length);
}

function readHalf(
  state: State,
  element: "PM" | "pm",
  text: ByteString,
): ByteString {
  const half = text.slice(0, 2);
  const upper = half.toUpperCase();
  const isRight = element === "PM" ? upper === half : half !== upper &&
    half.toLowerCase() === half;
  if (!isRight || (upper !== "AM" && upper !== "PM")) throw bad(text);
  state.half = upper;
  return text.slice(2);
}

function readClock(
  state: State,
  element: string,
  { text, rest: layout }: Place,
): ByteString {
  const { value, rest } = digits(
    text,
    element === "03" || element === "04" || element === "05",
    text,
  );
  const check = (what: string, most: number) => {
    if (value > most) throw new Problem(`${what} out of range`, rest);
  };
  switch (element) {
    case "15":
      check("hour", 23);
      state.hour = value;
      return rest;
    case "3":
    case "03":
      check("hour", 12);
      state.hour = value;
      return rest;
    case "4":
    case "04":
      check("minute", 59);
      state.minute = value;
      return rest;
    default:
      check("second", 59);
      state.second = value;
      return readImpliedFraction(state, rest, layout);
  }
}

/** A fraction may follow the seconds even if the layout has none. */
function readImpliedFraction(
  state: State,
  text: ByteString,
  layout: ByteString,
): ByteString {
  const found = /^[.,]\d+/.exec(text)?.[0];
  if (found === undefined || isFraction(nextChunk(layout).element)) {
    return text;
  }
  state.nanoseconds = nanoseconds(found);
  return text.slice(found.length);
}

function nanoseconds(text: string): number {
  return Number(text.slice(1, 10).padEnd(9, "0"));
}

function readFraction(
  state: State,
  element: string,
  text: ByteString,
): ByteString {
  if (element[1] === "9") {
    const found = /^[.,]\d+/.exec(text)?.[0];
    if (found === undefined) return text;
    state.nanoseconds = nanoseconds(found);
    return text.slice(found.length);
  }
  if (text.length < element.length) throw bad(text);
  // Digits beyond nanoseconds are not looked at.
  const part = take(text, /^[.,][+-]?\d+/, Math.min(element.length, 10));
  if (part[1] === "-" && /[1-9]/.test(part)) {
    throw new Problem(
      "fractional second out of range",
      text.slice(element.length),
    );
  }
  state.nanoseconds = nanoseconds(part.replace(/[+-]/, "0"));
  return text.slice(element.length);
}

function readOffset(
  state: State,
  element: string,
  text: ByteString,
): ByteString {
  if (element.startsWith("Z") && text.startsWith("Z")) {
    state.zone = UTC;
    return text.slice(1);
  }
  const part = text.slice(0, element.length);
  const colons = [...element].every((char, i) =>
    char !== ":" || part[i] === char
  );
  if (part.length < element.length || !colons) throw bad(text);
  const rest = text.slice(element.length);
  const starts = [...element.matchAll(/\d\d/g)].map(({ index }) => index);
  const fields = starts.map((at) => part.slice(at, at + 2));
  const wrong = fields.findIndex((field) => !/^\d\d$/.test(field));
  // Go reads up to what is no number, and minds the ranges first.
  const [hour = 0, minute = 0, second = 0] =
    (wrong < 0 ? fields : fields.slice(0, wrong)).map(Number);
  const check = (what: string, value: number, most: number) => {
    if (value > most) {
      throw new Problem(`time zone offset ${what} out of range`, rest);
    }
  };
  // Of several that are out of range Go names the last.
  check("second", second, 60);
  check("minute", minute, 60);
  check("hour", hour, 24);
  if (wrong >= 0 || !/^[+-]/.test(part)) throw bad(text);
  const seconds = (hour * 60 + minute) * 60 + second;
  state.zoneSeconds = part.startsWith("-") ? -seconds : seconds;
  return rest;
}

function readZoneName(state: State, text: ByteString): ByteString {
  if (text.startsWith("UTC")) {
    state.zone = UTC;
    return text.slice(3);
  }
  const name = zoneName(text);
  if (name === "") throw bad(text);
  state.zoneName = name;
  return text.slice(name.length);
}

/** The abbreviation at the start of a text, by the shapes that Go knows. */
function zoneName(text: ByteString): string {
  if (text.length < 3) return "";
  if (/^(?:ChST|MeST)/.test(text)) return text.slice(0, 4);
  if (text.startsWith("GMT")) return `GMT${signedHours(text.slice(3))}`;
  if (/^[+-]/.test(text)) return signedHours(text);
  const upper = /^[A-Z]{1,6}/.exec(text)?.[0] ?? "";
  switch (upper.length) {
    case 3:
      return upper;
    case 4:
      return upper.endsWith("T") || upper === "WITA" ? upper : "";
    case 5:
      return upper.endsWith("T") ? upper : "";
    default:
      return "";
  }
}

function signedHours(text: string): string {
  const found = /^[+-]\d+/.exec(text)?.[0] ?? "";
  return found !== "" && Number(found.slice(1)) <= 23 ? found : "";
}

function finish(state: State, local: Zone): Instant {
  let { hour } = state;
  if (state.half === "PM" && hour < 12) hour += 12;
  else if (state.half === "AM" && hour === 12) hour = 0;
  const { month, day } = state.yearDay === undefined
    ? { month: state.month ?? 1, day: state.day ?? 1 }
    : fromYearDay(state, state.yearDay);
  if (day < 1 || day > daysIn(month, state.year)) {
    throw new Problem("day out of range", "");
  }
  const { year, minute, second, nanoseconds } = state;
  const date = { year, month, day, hour, minute, second };
  if (state.zone !== undefined) {
    return instantFrom(date, { nanoseconds, zone: state.zone });
  }
  const unix = unixFrom(date);
  if (state.zoneSeconds !== undefined && state.zoneSeconds !== -1) {
    return atOffset(state, unix - state.zoneSeconds, local);
  }
  if (state.zoneName === "") return { seconds: unix, nanoseconds, zone: UTC };
  return inNamedZone(state, unix, local);
}

function fromYearDay(
  { year, month, day }: State,
  yearDay: number,
): { readonly month: number; readonly day: number } {
  const leap = isLeap(year);
  if (yearDay < 1 || yearDay > daysBefore(13, leap)) {
    throw new Problem("day-of-year out of range", "");
  }
  let found = 12;
  while (daysBefore(found, leap) >= yearDay) found--;
  const inMonth = yearDay - daysBefore(found, leap);
  if (month !== undefined && month !== found) {
    throw new Problem("day-of-year does not match month", "");
  }
  if (day !== undefined && day !== inMonth) {
    throw new Problem("day-of-year does not match day", "");
  }
  return { month: found, day: inMonth };
}

function atOffset(state: State, seconds: number, local: Zone): Instant {
  const { nanoseconds, zoneName, zoneSeconds = 0 } = state;
  const here = local.at(seconds);
  const isHere = here.seconds === zoneSeconds &&
    (zoneName === "" || zoneName === here.name);
  const zone = isHere ? local : fixedZone(zoneName, zoneSeconds);
  return { seconds, nanoseconds, zone };
}

/** A zone known by its abbreviation alone: the local one, or one of which only GMT's hours are known. */
function inNamedZone(state: State, unix: number, local: Zone): Instant {
  const { nanoseconds, zoneName } = state;
  const year = new Date(unix * 1000).getUTCFullYear();
  const candidates = Number.isNaN(year) ? [unix] : [
    unix,
    Date.UTC(year, 0, 1) / 1000,
    Date.UTC(year, 6, 1) / 1000,
  ];
  for (const at of candidates) {
    const { name, seconds } = local.at(at);
    if (name === zoneName) {
      return { seconds: unix - seconds, nanoseconds, zone: local };
    }
  }
  const hours = zoneName.startsWith("GMT") ? Number(zoneName.slice(3)) : 0;
  const zone = fixedZone(zoneName, hours * 3600);
  return { seconds: unix, nanoseconds, zone };
}
