/**
 * `os.time`, `os.date`, `os.clock` and `os.difftime`, in the zone of the process.
 *
 * See {@link https://www.lua.org/manual/5.1/manual.html#5.8}.
 *
 * @module
 */
import { MONTHS, WEEKDAYS } from "../../base/calendar_names.ts";
import type { Context, Library } from "./context.ts";
import { type LuaState, TYPE } from "./exports.ts";

const DAY = 86_400_000;

/** A time taken apart, in some zone. */
interface Parts {
  readonly year: number;
  /** 0 to 11. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 0 is the first of January. */
  readonly yearday: number;
  readonly summer: boolean;
  /** Minutes east of Greenwich. */
  readonly offset: number;
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** The functions for the table `os` that need nothing from the host. */
export function timeLibrary(context: Context): Library {
  const { stack } = context;
  const { c } = stack.instance;
  const begin = performance.now();
  return {
    clock: (L) => {
      c.lua_pushnumber(L, (performance.now() - begin) / 1000);
      return 1;
    },
    difftime: (L) => {
      const [a, b] = [stack.checkNumber(L, 1), stack.integer(L, 2, 0)];
      c.lua_pushnumber(L, Math.trunc(a) - b);
      return 1;
    },
    time: (L) => {
      if (c.lua_type(L, 1) <= TYPE.nil) {
        c.lua_pushnumber(L, Math.floor(Date.now() / 1000));
      } else c.lua_pushnumber(L, timeOf(context, L));
      return 1;
    },
    date: (L) => date(context, L),
  };
}

/** The time that the table in argument 1 names, in the local zone. */
function timeOf(context: Context, L: LuaState): number {
  const { stack } = context;
  const { c } = stack.instance;
  stack.checkTable(L, 1);
  const field = (name: string, otherwise?: number) => {
    stack.getField(L, 1, name);
    const value = c.lua_isnumber(L, -1) === 0
      ? otherwise
      : Math.trunc(c.lua_tonumber(L, -1));
    c.lua_settop(L, -2);
    if (value === undefined) {
      return stack.raise(L, `field '${name}' missing in date table`);
    }
    return value;
  };
  const time = new Date(0);
  const [year, month, day] = [field("year"), field("month"), field("day")];
  time.setFullYear(year, month - 1, day);
  time.setHours(field("hour", 12), field("min", 0), field("sec", 0), 0);
  return Math.floor(time.getTime() / 1000);
}

function date(context: Context, L: LuaState): number {
  const { stack } = context;
  const { c } = stack.instance;
  const asked = c.lua_type(L, 1) <= TYPE.nil
    ? "%c"
    : (stack.checkString(L, 1), latin(stack.bytes(L, 1)));
  const seconds = stack.integer(L, 2, Math.floor(Date.now() / 1000));
  const utc = asked.startsWith("!");
  const format = utc ? asked.slice(1) : asked;
  const time = new Date(seconds * 1000);
  if (Number.isNaN(time.getTime())) {
    c.lua_pushnil(L);
    return 1;
  }
  const parts = takeApart(time, utc);
  if (format.startsWith("*t")) pushParts(context, L, parts);
  else {
    const text = format.replace(/%[EO]?([\s\S])/g, (all, letter: string) => {
      const write = LETTERS.get(letter);
      return write === undefined ? all : write(parts);
    });
    stack.pushString(L, Uint8Array.from(text, (c) => c.charCodeAt(0)));
  }
  return 1;
}

const latin = (bytes: Uint8Array) =>
  Array.from(bytes, (c) => String.fromCharCode(c)).join("");

function takeApart(time: Date, utc: boolean): Parts {
  const offset = utc ? 0 : -time.getTimezoneOffset();
  // A time whose UTC fields are the local ones.
  const local = new Date(time.getTime() + offset * 60_000);
  const year = local.getUTCFullYear();
  const midnight = Date.UTC(year, local.getUTCMonth(), local.getUTCDate());
  const winter = Math.min(
    ...[0, 6].map((month) => -new Date(year, month, 1).getTimezoneOffset()),
  );
  return {
    year,
    month: local.getUTCMonth(),
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    weekday: local.getUTCDay(),
    yearday: Math.round((midnight - Date.UTC(year, 0, 1)) / DAY),
    summer: !utc && offset > winter,
    offset,
    epoch: Math.floor(time.getTime() / 1000),
  };
}

function pushParts(context: Context, L: LuaState, parts: Parts): void {
  const { stack } = context;
  const { c } = stack.instance;
  c.lua_createtable(L, 0, 9);
  const fields = {
    year: parts.year,
    month: parts.month + 1,
    day: parts.day,
    hour: parts.hour,
    min: parts.minute,
    sec: parts.second,
    wday: parts.weekday + 1,
    yday: parts.yearday + 1,
  };
  for (const [name, value] of Object.entries(fields)) {
    c.lua_pushnumber(L, value);
    stack.setField(L, -2, name);
  }
  c.lua_pushboolean(L, parts.summer ? 1 : 0);
  stack.setField(L, -2, "isdst");
}

const two = (n: number) => String(n).padStart(2, "0");
const blank = (n: number) => String(n).padStart(2, " ");
const twelve = (hour: number) => hour % 12 === 0 ? 12 : hour % 12;
const zone = (offset: number) => {
  const size = Math.abs(offset);
  return (offset < 0 ? "-" : "+") + two(Math.floor(size / 60)) + two(size % 60);
};

/** The year and the number of the week that ISO 8601 gives a day. */
function isoWeek(parts: Parts): { year: number; week: number } {
  const sinceMonday = (parts.weekday + 6) % 7;
  // The week belongs to the year of its Thursday.
  const thursday = new Date(
    Date.UTC(parts.year, parts.month, parts.day - sinceMonday + 3),
  );
  const year = thursday.getUTCFullYear();
  const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / DAY;
  return { year, week: Math.floor(days / 7) + 1 };
}

/** The letters of `strftime`, in the C locale. */
const LETTERS: ReadonlyMap<string, (p: Parts) => string> = new Map<
  string,
  (p: Parts) => string
>([
  ["a", (p) => (WEEKDAYS[p.weekday] ?? "").slice(0, 3)],
  ["A", (p) => WEEKDAYS[p.weekday] ?? ""],
  ["b", (p) => (MONTHS[p.month] ?? "").slice(0, 3)],
  ["B", (p) => MONTHS[p.month] ?? ""],
  ["c", (p) => letters(p, "a| |b| |e| |T| |Y")],
  ["C", (p) => two(Math.floor(p.year / 100))],
  ["d", (p) => two(p.day)],
  ["D", (p) => letters(p, "m|/|d|/|y")],
  ["e", (p) => blank(p.day)],
  ["F", (p) => letters(p, "Y|-|m|-|d")],
  ["g", (p) => two(isoWeek(p).year % 100)],
  ["G", (p) => String(isoWeek(p).year)],
  ["h", (p) => (MONTHS[p.month] ?? "").slice(0, 3)],
  ["H", (p) => two(p.hour)],
  ["I", (p) => two(twelve(p.hour))],
  ["j", (p) => String(p.yearday + 1).padStart(3, "0")],
  ["k", (p) => blank(p.hour)],
  ["l", (p) => blank(twelve(p.hour))],
  ["m", (p) => two(p.month + 1)],
  ["M", (p) => two(p.minute)],
  ["n", () => "\n"],
  ["p", (p) => p.hour < 12 ? "AM" : "PM"],
  ["r", (p) => letters(p, "I|:|M|:|S| |p")],
  ["R", (p) => letters(p, "H|:|M")],
  ["s", (p) => String(p.epoch)],
  ["S", (p) => two(p.second)],
  ["t", () => "\t"],
  ["T", (p) => letters(p, "H|:|M|:|S")],
  ["u", (p) => String(p.weekday === 0 ? 7 : p.weekday)],
  ["U", (p) => two(Math.floor((p.yearday + 7 - p.weekday) / 7))],
  ["V", (p) => two(isoWeek(p).week)],
  ["w", (p) => String(p.weekday)],
  ["W", (p) => two(Math.floor((p.yearday + 7 - (p.weekday + 6) % 7) / 7))],
  ["x", (p) => letters(p, "m|/|d|/|y")],
  ["X", (p) => letters(p, "H|:|M|:|S")],
  ["y", (p) => two(p.year % 100)],
  ["Y", (p) => String(p.year)],
  ["z", (p) => zone(p.offset)],
  ["Z", (p) => p.offset === 0 ? "UTC" : zone(p.offset)],
  ["%", () => "%"],
]);

/** Letters and literal text, by turns. */
function letters(parts: Parts, template: string): string {
  return template.split("|").map((piece) =>
    LETTERS.get(piece)?.(parts) ?? piece
  )
    .join("");
}
