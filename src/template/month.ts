/**
 * Go's `time.Month` and `time.Weekday`.
 *
 * @module
 */
import { MONTHS, WEEKDAYS } from "../base/calendar_names.ts";
import { method } from "./go_method.ts";
import { namedType } from "./make_type.ts";
import { INT, STRING, type Type } from "./type.ts";
import { stringValue } from "./value.ts";

/** `time.Month`. */
export const MONTH: Type = namedType("time.Month", INT, {
  methods: () => [
    method(
      "String",
      [],
      [STRING],
      ({ int }) =>
        stringValue(nameOf(MONTHS, int - 1n, `%!Month(${natural(int)})`)),
    ),
  ],
});

/** `time.Weekday`. */
export const WEEKDAY: Type = namedType("time.Weekday", INT, {
  methods: () => [
    method(
      "String",
      [],
      [STRING],
      ({ int }) =>
        stringValue(nameOf(WEEKDAYS, int, `%!Weekday(${natural(int)})`)),
    ),
  ],
});

function natural(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function nameOf(
  names: readonly string[],
  index: bigint,
  otherwise: string,
): string {
  return index < 0n ? otherwise : names[Number(index)] ?? otherwise;
}
