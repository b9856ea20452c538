/**
 * Rows of an image's history.
 *
 * @module
 */
import type { JsonObject } from "./go_json.ts";

/**
 * Tells whether two rows say the same: who, what, when, and whether a layer came
 * of it.
 */
export function isSameHistory(
  a: JsonObject,
  b: JsonObject | undefined,
): boolean {
  if (b === undefined) return false;
  const isSame = (key: string) => (a[key] || "") === (b[key] || "");
  return ["author", "comment", "created_by", "empty_layer"].every(isSame) &&
    timeOf(a) === timeOf(b);
}

/** The same moment can be written with several offsets. */
function timeOf({ created }: JsonObject): string {
  if (typeof created !== "string") return "";
  const time = Date.parse(created);
  const [, fraction = ""] = /\.(\d+)/.exec(created) ?? [];
  return Number.isNaN(time)
    ? created
    : `${Math.floor(time / 1000)}.${fraction.replace(/0+$/, "")}`;
}
