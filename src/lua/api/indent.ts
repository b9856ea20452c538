/**
 * JSON with one member a line, its numbers and texts as they were written.
 *
 * @module
 */

/** Indents JSON by two spaces a level, as Go's `json.Indent` does. */
export function indentJson(text: string): string {
  let result = "";
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  // Strings as they are, the rest character by character.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"|[^"]/g)) {
    if (/^\s$/.test(token)) continue;
    if (token === "{" || token === "[") {
      depth++;
      result += token + line();
    } else if (token === "}" || token === "]") {
      depth--;
      // Nothing between the brackets: they stay together.
      const open = /[{[]\n *$/.test(result);
      result = open ? result.trimEnd() + token : result + line() + token;
    } else if (token === ",") result += token + line();
    else result += token === ":" ? ": " : token;
  }
  return result;
}
