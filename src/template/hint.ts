/**
 * How to mend what often goes wrong in templates.
 *
 * @module
 */

/** What went wrong, as far as advice needs it. */
export interface Complaint {
  /** The message without the place. */
  readonly detail: string;
  /** The field that is not there, where that went wrong. */
  readonly missing?: { readonly field: string } | undefined;
}

/** A line of advice; `undefined` where there is none. */
export function templateHint(complaint: Complaint): string | undefined {
  const { detail, missing } = complaint;
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
