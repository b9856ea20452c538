/**
 * `Link` headers: the next page of a list.
 *
 * @module
 */

/** Longer headers are nobody's link. */
const LONGEST = 64 * 1024;

/**
 * The address of the next page, resolved; `undefined` where there is none.
 *
 * Reads `<uri>; rel="next"`, several after commas, other parameters in any order,
 * values quoted or not, and the bare address that some registries send.
 *
 * See {@link https://www.rfc-editor.org/rfc/rfc8288}.
 *
 * @param header The value of `Link`.
 * @param base The URL that the answer came from.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(
 *   nextLink('</v2/_catalog?last=b&n=2>; rel="next"', "https://host/v2/_catalog"),
 *   "https://host/v2/_catalog?last=b&n=2",
 * );
 * ```
 */
export function nextLink(
  header: string | null,
  base: string,
): string | undefined {
  if (header === null || header.length > LONGEST) return undefined;
  for (const link of split(header, ",")) {
    const [target = "", ...parameters] = split(link, ";");
    const address = /^<([^>]*)>$/.exec(target)?.[1] ?? target;
    if (parameters.some(isNext) && URL.canParse(address, base)) {
      return new URL(address, base).href;
    }
  }
  return undefined;
}

/** Splits at a sign that is neither in quotes nor between brackets. */
function split(text: string, separator: "," | ";"): string[] {
  const parts: string[] = [];
  let start = 0;
  let end = "";
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (end === '"' && sign === "\\") at++;
    else if (end !== "") end = sign === end ? "" : end;
    else if (sign === '"') end = '"';
    else if (sign === "<") end = ">";
    else if (sign === separator) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...parts, text.slice(start).trim()];
}

function isNext(parameter: string): boolean {
  const at = parameter.indexOf("=");
  if (parameter.slice(0, at).trim().toLowerCase() !== "rel") return false;
  const value = parameter.slice(at + 1).trim().toLowerCase();
  return value.replace(/^"|"$/g, "").split(/\s+/).includes("next");
}
