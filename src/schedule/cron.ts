/**
 * Cron expressions of five fields, descriptors such as `@daily`, `@every 1h`
 * and time zones, by the rules (and with the messages) of robfig/cron v3.
 *
 * See {@link https://pkg.go.dev/github.com/robfig/cron/v3}.
 *
 * @module
 */
import { Cron } from "croner";
import { RegError } from "../base/errors.ts";
import { every } from "./interval.ts";
import { checkZone, localZone, nextChange, offsetAt } from "./zone.ts";

/** Tells when something is due. */
export interface Schedule {
  /**
   * The first time after `after`; both in milliseconds since 1970.
   * `undefined` where there is none within five years.
   */
  next(after: number): number | undefined;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const BOUNDS = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  {
    min: 1,
    max: 12,
    names: [
      ..."jan feb mar apr may jun jul aug sep oct nov dec".split(" "),
    ],
  },
  { min: 0, max: 6, names: [..."sun mon tue wed thu fri sat".split(" ")] },
] as const satisfies readonly Bounds[];

const DESCRIPTORS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** How far ahead a time is looked for. */
const HORIZON_MS = 5 * 366 * 24 * 3_600_000;

function refuse(message: string): never {
  throw new RegError("config", message);
}

/**
 * Parses `15 01 * * *`, `TZ=Europe/Berlin 0 4 * * mon-fri`, `@daily`,
 * `@every 90s`.
 *
 * @throws {RegError} `config`, with the same text as upstream.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * const next = parseSchedule("TZ=UTC 15 01 * * *").next(Date.UTC(2024, 0, 1));
 * strictEqual(next, Date.UTC(2024, 0, 1, 1, 15));
 * ```
 */
export function parseSchedule(text: string): Schedule {
  if (text === "") refuse("empty spec string");
  const [, named = "", rest] = /^(?:CRON_)?TZ=([^ ]*)(.*)$/s.exec(text) ?? [];
  if (rest !== undefined) checkZone(named);
  const zone = rest === undefined || named === "Local"
    ? localZone()
    // The empty name means UTC, as in Go.
    : named || "UTC";
  const spec = rest === undefined ? text : rest.trim();
  const duration = /^@every (.*)$/s.exec(spec)?.[1];
  if (duration !== undefined) return every(duration, spec);
  return fields(spec.startsWith("@") ? descriptor(spec) : spec, zone);
}

function descriptor(spec: string): string {
  return Object.hasOwn(DESCRIPTORS, spec) && DESCRIPTORS[spec] ||
    refuse(`unrecognized descriptor: ${spec}`);
}

function fields(spec: string, zone: string): Schedule {
  const parts = spec.split(/\s+/).filter((part) => part !== "");
  if (parts.length !== BOUNDS.length) {
    refuse(
      `expected exactly 5 fields, found ${parts.length}: [${parts.join(" ")}]`,
    );
  }
  const expanded = BOUNDS.map((bounds, index) =>
    expand(parts[index] ?? "", bounds)
  );
  // A list of nothing but commas names no minute, hour or day: it never comes.
  const never = expanded.includes("");
  const walls = never ? undefined : new Cron(expanded.join(" "), {
    mode: "5-part",
    timezone: "Etc/UTC",
  });
  return { next: (after) => walls && firstInZone(walls, { after, zone }) };
}

/**
 * A field as a plain list of numbers, or `*`: cron joins the two day fields by
 * AND where one of them is a star, and by OR where both are restricted.
 */
function expand(field: string, bounds: Bounds): string {
  const numbers = new Set<number>();
  let star = false;
  for (const part of field.split(",").filter((part) => part !== "")) {
    const range = readRange(part, bounds);
    for (let n = range.start; n <= range.end; n += range.step) numbers.add(n);
    star ||= range.star;
  }
  return star ? "*" : [...numbers].sort((a, b) => a - b).join(",");
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly star: boolean;
}

function readRange(part: string, bounds: Bounds): Range {
  const [range = "", stepText, ...moreSteps] = part.split("/");
  const [low = "", high, ...moreEnds] = range.split("-");
  const any = low === "*" || low === "?";
  const start = any ? bounds.min : readNumber(low, bounds.names);
  if (!any && moreEnds.length > 0) refuse(`too many hyphens: ${part}`);
  if (moreSteps.length > 0) refuse(`too many slashes: ${part}`);
  const step = stepText === undefined ? 1 : readNumber(stepText);
  const open = any || stepText !== undefined && high === undefined;
  const end = any || high !== undefined || stepText === undefined
    ? any
      ? bounds.max
      : high === undefined
      ? start
      : readNumber(high, bounds.names)
    : bounds.max;
  checkRange({ start, end, step, part }, bounds);
  return { start, end, step, star: any && open && step <= 1 };
}

function checkRange(
  range: {
    readonly start: number;
    readonly end: number;
    readonly step: number;
    readonly part: string;
  },
  { min, max }: Bounds,
): void {
  const { start, end, step, part } = range;
  if (start < min) {
    refuse(`beginning of range (${start}) below minimum (${min}): ${part}`);
  }
  if (end > max) {
    refuse(`end of range (${end}) above maximum (${max}): ${part}`);
  }
  if (start > end) {
    refuse(
      `beginning of range (${start}) beyond end of range (${end}): ${part}`,
    );
  }
  if (step === 0) refuse(`step of range should be a positive number: ${part}`);
}

function readNumber(text: string, names: readonly string[] = []): number {
  const name = names.indexOf(text.toLowerCase());
  // Months count from 1, days of the week from 0.
  if (name >= 0) return names.length === 12 ? name + 1 : name;
  const quoted = JSON.stringify(text);
  if (!/^[-+]?\d+$/.test(text)) {
    refuse(
      `failed to parse int from ${text}: strconv.Atoi: parsing ${quoted}: invalid syntax`,
    );
  }
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    refuse(
      `failed to parse int from ${text}: strconv.Atoi: parsing ${quoted}: value out of range`,
    );
  }
  if (value < 0) refuse(`negative number (${value}) not allowed: ${text}`);
  return value;
}

/**
 * The first instant after another at which a zone's clocks show a time that the
 * schedule has. The schedule is asked in wall time; between two changes of the
 * zone's offset wall time and instants run side by side. So a time that is
 * skipped in spring does not come, and one that is repeated in autumn comes
 * twice.
 */
function firstInZone(
  walls: Cron,
  from: { readonly after: number; readonly zone: string },
): number | undefined {
  const { after, zone } = from;
  const horizon = after + HORIZON_MS;
  let instant = after;
  while (instant < horizon) {
    const offset = offsetAt(instant, zone);
    const wall = walls.nextRun(new Date(instant + offset))?.getTime();
    if (wall === undefined) return undefined;
    const due = Math.min(wall - offset, horizon);
    const change = nextChange(instant, due, zone);
    if (change === undefined) return due < horizon ? due : undefined;
    // The clocks change before: go on from just before the new offset begins.
    instant = change.at - 1;
    const first = walls.nextRun(new Date(change.at - 1 + change.offset));
    const shown = first && first.getTime() - change.offset;
    if (shown === change.at) return shown;
    instant = change.at;
  }
  return undefined;
}
