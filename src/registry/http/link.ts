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
  const link =
    /\s*(?:<([^>]*)>|([^\s;,<>]+))((?:\s*;\s*[^\s=;,"]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)\s*(?:,|$)/gy;
  for (const [, bracketed, bare, parameters = ""] of header.matchAll(link)) {
    const target = bracketed ?? bare ?? "";
    if (isNext(parameters) && URL.canParse(target, base)) {
      return new URL(target, base).href;
    }
  }
  return undefined;
}

function isNext(parameters: string): boolean {
  const [, quoted, plain] =
    /;\s*rel\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/i.exec(parameters) ?? [];
  return (quoted ?? plain ?? "").toLowerCase().split(/\s+/).includes("next");
}
