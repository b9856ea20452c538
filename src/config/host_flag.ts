/**
 * The value of `--host`: settings of a registry in one text.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";

/**
 * Splits `key=value,key=value`. A double quote begins and ends a stretch in
 * which commas and equals signs are plain; a backslash makes the next character
 * plain; a key alone has an empty value.
 *
 * @throws {RegError} `usage` for a quote or a backslash without its end.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(splitSettings('reg=a,pass="x,y"'), [["reg", "a"], ["pass", "x,y"]]);
 * ```
 */
export function splitSettings(
  text: string,
): readonly (readonly [key: string, value: string])[] {
  const settings: [string, string][] = [];
  let key: string | undefined;
  let part = "";
  let quoted = false;
  const end = () => {
    if (key !== undefined) settings.push([key, part]);
    else if (part !== "") settings.push([part, ""]);
    key = undefined;
    part = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\\") {
      if (++at >= text.length) throw unfinished();
      part += text[at];
    } else if (char === '"') quoted = !quoted;
    else if (char === "," && !quoted) end();
    else if (char === "=" && !quoted && key === undefined) {
      key = part;
      part = "";
    } else part += char;
  }
  if (quoted) throw unfinished();
  end();
  return settings;
}

// The text itself may hold a password: it is not repeated.
function unfinished(): RegError {
  return new RegError("usage", "a quote or a backslash has no end");
}
