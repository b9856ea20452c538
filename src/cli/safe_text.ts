/**
 * Text from elsewhere that is shown to people.
 *
 * @module
 */
import type { Output } from "./io.ts";

// Control characters but tab and line end, and what turns the direction of text.
const STEERING =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text that may hold a server's words, without what a terminal would obey:
 * such characters are spelt out.
 */
export function safeText(text: string): string {
  return text.replace(STEERING, (char) => {
    const hex = (char.codePointAt(0) ?? 0).toString(16);
    return hex.length > 2 ? `\\u${hex}` : `\\x${hex.padStart(2, "0")}`;
  });
}

/** The same for a text of JSON, which stays JSON. */
export function safeJson(text: string): string {
  return text.replace(
    STEERING,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

/** A text as an output shows it: safe on a terminal, as it is anywhere else. */
export function shownOn(
  output: Pick<Output, "isTerminal">,
  text: string,
  safe: (text: string) => string = safeText,
): string {
  return output.isTerminal ? safe(text) : text;
}
