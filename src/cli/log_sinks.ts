/**
 * Writes log records as Go's `slog` does: `key=value` text or JSON.
 *
 * @module
 */
import { formatDuration } from "../base/duration.ts";
import type { LogRecord, LogSink, LogStruct, LogValue } from "../base/log.ts";
import { levelName } from "./verbosity.ts";

/** Takes one line, with its end. */
export type LineWriter = (line: string) => void;

/** Writes records as text: `time=… level=WARN msg="…" key=value`. */
export function textSink(write: LineWriter): LogSink {
  return (record) => {
    const pairs = Object.entries(record.attributes).map(([key, value]) =>
      ` ${quoted(key)}=${quoted(textOf(value, true))}`
    );
    write(
      `time=${localTime(record.time)} level=${levelName(record.level)} msg=${
        quoted(record.message)
      }${pairs.join("")}\n`,
    );
  };
}

/** Writes records as one JSON object a line. */
export function jsonSink(write: LineWriter): LogSink {
  return (record) => write(jsonLine(record));
}

/** One record as a line of JSON. */
export function jsonLine(record: LogRecord): string {
  const parts: [string, string][] = [
    ["time", JSON.stringify(localTime(record.time))],
    ["level", JSON.stringify(levelName(record.level))],
    ["msg", JSON.stringify(record.message)],
    ...Object.entries(record.attributes).map((
      [key, value],
    ): [string, string] => [key, jsonOf(value)]),
  ];
  const members = parts.map(([key, json]) => `${JSON.stringify(key)}:${json}`);
  return `{${members.join(",")}}\n`;
}

/** A time in the local zone with milliseconds, `Z` where that is UTC. */
export function localTime(time: Date): string {
  const west = time.getTimezoneOffset(); // minutes
  if (west === 0) return time.toISOString();
  const local = new Date(time.getTime() - west * 60_000).toISOString();
  const two = (n: number) => String(n).padStart(2, "0");
  const size = Math.abs(west);
  return `${local.slice(0, -1)}${west > 0 ? "-" : "+"}${
    two(Math.trunc(size / 60))
  }:${two(size % 60)}`;
}

// What Go's unicode.IsPrint refuses: controls, unassigned, spaces but ' '.
const NOT_PRINTABLE = /[\p{C}\p{Z}]/u;

function quoted(text: string): string {
  return text === "" || /["= ]/.test(text) || NOT_PRINTABLE.test(text)
    ? quote(text)
    : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** Quotes a text as Go's `strconv.Quote` does. */
export function quote(text: string): string {
  let result = '"';
  for (const char of text) {
    const escape = ESCAPES[char];
    if (escape !== undefined) result += escape;
    else if (char === " " || !NOT_PRINTABLE.test(char)) result += char;
    else result += escaped(char.codePointAt(0) ?? 0xfffd);
  }
  return `${result}"`;
}

function escaped(code: number): string {
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000
    ? `\\u${hex.padStart(4, "0")}`
    : `\\U${hex.padStart(8, "0")}`;
}

function textOf(value: LogValue, top = false): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "bigint") return formatDuration(value);
  if (value instanceof Error) return value.message;
  if (value instanceof Date) {
    return top ? localTime(value) : value.toISOString();
  }
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map((item) => textOf(item)).join(" ")}]`;
  if (isStruct(value)) return value.logText;
  const keys = Object.keys(value).sort();
  return `map[${keys.map((key) => `${key}:${textOf(value[key])}`).join(" ")}]`;
}

function jsonOf(value: LogValue): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Error) return JSON.stringify(value.message);
  if (value instanceof Date) return JSON.stringify(localTime(value));
  if (typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(jsonOf).join(",")}]`;
  if (isStruct(value)) return JSON.stringify(value.logJson) ?? "null";
  const members = Object.entries(value).map(([key, item]) =>
    `${JSON.stringify(key)}:${jsonOf(item)}`
  );
  return `{${members.join(",")}}`;
}

function isList(value: object): value is readonly LogValue[] {
  return Array.isArray(value);
}

function isStruct(
  value: LogStruct | { readonly [key: string]: LogValue },
): value is LogStruct {
  return "logText" in value && "logJson" in value;
}
