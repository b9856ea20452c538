/**
 * Go's `time.Duration`.
 *
 * @module
 */
import { formatDuration } from "../base/duration.ts";
import { toByteString } from "./byte_string.ts";
import { method } from "./go_method.ts";
import { namedType } from "./make_type.ts";
import {
  FLOAT64,
  INT64,
  type Method,
  type Result,
  STRING,
  type Type,
  Value,
} from "./type.ts";
import { stringValue, wrap } from "./value.ts";

/** Nanoseconds in a second. */
export const BILLION = 1_000_000_000n;

const LONGEST = 2n ** 63n - 1n;

/** `time.Duration`, in nanoseconds. */
export const DURATION: Type = namedType("time.Duration", INT64, {
  methods: durationMethods,
});

/** Keeps a number within 64 bits. */
export function saturate(value: bigint): bigint {
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
