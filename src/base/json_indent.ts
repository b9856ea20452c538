/**
 * Indents JSON text as it is: numbers, escapes and the order of keys stay.
 *
 * @module
 */

/** A string, a bracket or a separator, or a run of anything else. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/**
 * Indents valid JSON by two, as Go's `json.Indent` does. What is inside strings
 * is not looked at.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(indentJson('{"a":[1.0,{}]}'), '{\n  "a": [\n    1.0,\n    {}\n  ]\n}');
 * ```
 */
export function indentJson(text: string): string {
  let result = "";
  let depth = 0;
  let opened = false; // an opening bracket waits for what is in it
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [token] of text.matchAll(TOKENS)) {
    const closes = token === "}" || token === "]";
    if (closes) depth--;
    if (opened ? !closes : closes) result += line();
    opened = token === "{" || token === "[";
    if (opened) depth++;
    result += token;
    if (token === ",") result += line();
    if (token === ":") result += " ";
  }
  return result;
}
