/**
 * Go's text/template: templates that print what Go prints, byte for byte.
 *
 * {@linkcode renderTemplate} gives text; {@linkcode executeTemplate} streams
 * bytes and can be stopped; {@linkcode Template} is parsed once and run often;
 * {@linkcode printPretty} gives a value's own text without a template.
 *
 * Data are plain JavaScript by way of {@linkcode valueOf} and
 * {@linkcode valueFromJson}, or values of declared Go types by way of
 * {@linkcode structType} and {@linkcode wrap}, with field order, methods,
 * embedding and typed nil.
 *
 * What a template may reach is what the caller hands over: `env`, `readFile`,
 * `functions`. It may print 64 MiB and run for 10 seconds. Errors are
 * {@linkcode TemplateError} with Go's text, and what was printed before them
 * stays printed; their `hint` says how to mend some.
 *
 * @module
 */
export {
  type Budget,
  LimitedBudget,
  type Limits,
  MAX_BYTES,
  TIMEOUT_MS,
} from "./budget.ts";
export { type ErrorCode, RegError } from "../base/errors.ts";
export type { ByteString } from "./byte_string.ts";
export {
  type Instant,
  localZone,
  UTC,
  type Zone,
  type ZoneOffset,
} from "./calendar.ts";
export {
  GoError,
  type MissingField,
  TemplateError,
  type TemplateErrorPlace,
} from "./errors.ts";
export type { MissingKey } from "./plain_field.ts";
export {
  type FunctionMap,
  type Surroundings,
  type TemplateFunction,
  templateFunction,
} from "./function.ts";
export { FUNCTIONS, printPretty } from "./functions.ts";
export { indentJson, toJson } from "./json.ts";
export {
  type ExecuteOptions,
  executeTemplate,
  renderTemplate,
  Template,
  type TemplateOptions,
} from "./template.ts";
export { DURATION } from "./duration.ts";
export { parseRfc3339 } from "./instant.ts";
export { MONTH, WEEKDAY } from "./month.ts";
export { LOCATION, TIME, timeValue } from "./time.ts";
export * from "./kind.ts";
export * from "./make_type.ts";
export * from "./type.ts";
export * from "./type_rules.ts";
export {
  boolValue,
  bytesOf,
  bytesValue,
  elementOf,
  equal,
  fieldOf,
  indirect,
  intValue,
  lengthOf,
  type MapEntry,
  mapEntry,
  sortedEntries,
  stringValue,
  textOf,
  valueFromJson,
  valueOf,
  wrap,
  zero,
} from "./value.ts";
