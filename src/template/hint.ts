/**
 * How to mend what often goes wrong in templates.
 *
 * @module
 */
import type { TemplateError } from "./errors.ts";

/** A line of advice for an error; `undefined` where there is none. */
export function templateHint(error: TemplateError): string | undefined {
  const { detail, missing } = error.place;
  if (detail.startsWith("error calling Parse: parsing time ")) {
    return "write the layout as the time 2006-01-02 15:04:05 would be written";
  }
  const [first = ""] = missing?.field ?? "";
  if (missing !== undefined && first !== first.toUpperCase()) {
    return `fields have Go's names, which begin with a capital, not those of JSON`;
  }
  return detail.startsWith("can't handle ") && detail.endsWith(" []string")
    ? 'join takes the list first: {{ join .List "," }}'
    : undefined;
}
