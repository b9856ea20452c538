/**
 * Time zones: how far their clocks are from UTC, and when that changes.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formatters.set(zone, made);
  return made;
}

/** The zone of this machine, or that of the variable `TZ`. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * Makes sure that a zone's name is known; the empty one and `Local` are.
 *
 * @throws {RegError} `config`.
 */
export function checkZone(zone: string): void {
  if (zone === "" || zone === "Local") return;
  try {
    formatter(zone);
  } catch (cause) {
    throw new RegError(
      "config",
      `provided bad location ${zone}: unknown time zone ${zone}`,
      { cause },
    );
  }
}

/** What has to be added to an instant to get what the zone's clocks show, in milliseconds. */
export function offsetAt(instant: number, zone: string): number {
  if (zone === "UTC" || zone === "Etc/UTC") return 0;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatter(zone).formatToParts(instant)) {
    parts[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } =
    parts;
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return shown - Math.floor(instant / 1000) * 1000;
}

/** A change of a zone's clocks. */
export interface ZoneChange {
  /** The first instant of the new offset. */
  readonly at: number;
  /** The new offset, see {@linkcode offsetAt}. */
  readonly offset: number;
}

/** The first change of a zone's clocks after an instant, up to and including another. */
export function nextChange(
  after: number,
  until: number,
  zone: string,
): ZoneChange | undefined {
  if (zone === "UTC" || zone === "Etc/UTC") return undefined;
  const before = offsetAt(after, zone);
  // A day at a time: no zone changes its clocks there and back within one.
  for (let low = after; low < until; low += DAY_MS) {
    const high = Math.min(low + DAY_MS, until);
    if (offsetAt(high, zone) !== before) {
      return bisect({ low, high, before }, zone);
    }
  }
  return undefined;
}

function bisect(
  range: {
    readonly low: number;
    readonly high: number;
    readonly before: number;
  },
  zone: string,
): ZoneChange {
  let { low, high } = range;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, zone) === range.before) low = middle;
    else high = middle;
  }
  return { at: high, offset: offsetAt(high, zone) };
}
