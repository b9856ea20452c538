/**
 * Times as Go prints them.
 *
 * @module
 */

const RFC3339 =
  /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * Prints a time of RFC 3339 as Go's `Time.String` does:
 * `2021-01-01 00:00:00 +0000 UTC`. Any other text stays as it is.
 */
export function goTime(text: string): string {
  const match = RFC3339.exec(text);
  if (!match) return text;
  const [, date = "", time = "", digits = "", zone = ""] = match;
  const fraction = digits.slice(0, 9).replace(/0+$/, "");
  const offset = zone.toUpperCase() === "Z" ? "+0000" : zone.replace(":", "");
  // Go names the zone where it is UTC; of others it only knows the offset.
  const name = offset === "+0000" ? "UTC" : offset;
  return `${date} ${time}${fraction && `.${fraction}`} ${offset} ${name}`;
}
