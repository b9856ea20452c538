/**
 * `WWW-Authenticate`, parsed.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";

/** One challenge of a server. */
export interface Challenge {
  /** In lower case, such as `bearer`. */
  readonly scheme: string;
  /** By lower-case name; the first of several equal names. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Longer headers are nobody's challenge. */
const LONGEST = 16 * 1024;

/**
 * Parses the value of `WWW-Authenticate`: several challenges in a line, quoted
 * strings with backslash escapes, and token68 values, which are skipped.
 *
 * See {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1}.
 *
 * @throws {RegError} `unauthorized` for anything that is no challenge.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * const [bearer] = parseChallenges('Bearer realm="https://auth.example/token",service=x');
 * strictEqual(bearer?.parameters.get("service"), "x");
 * ```
 */
export function parseChallenges(text: string): Challenge[] {
  if (text.length > LONGEST) throw bad("too long", text.slice(0, 100));
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  const scanner = new Scanner(text);
  while (scanner.skipSeparators()) {
    const word = scanner.token();
    if (word === "") throw bad("expected a name", text);
    const spaces = scanner.skipSpaces();
    const current = challenges.at(-1);
    if (scanner.take("=")) {
      if (!current) throw bad("parameter before a scheme", text);
      scanner.skipSpaces();
      const name = word.toLowerCase();
      const value = scanner.value();
      if (value === undefined) throw bad("parameter without a value", text);
      if (!current.parameters.has(name)) current.parameters.set(name, value);
    } else {
      challenges.push({ scheme: word.toLowerCase(), parameters: new Map() });
      if (spaces) scanner.skipToken68();
    }
  }
  return challenges;
}

function bad(what: string, text: string): RegError {
  return new RegError(
    "unauthorized",
    `Cannot parse challenge header: ${what}: parsing failed: ${
      JSON.stringify(text.slice(0, 200))
    }`,
  );
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Skips commas and spaces; false at the end. */
  skipSeparators(): boolean {
    this.#match(/[\s,]*/y);
    return this.#at < this.#text.length;
  }

  skipSpaces(): boolean {
    return this.#match(/[ \t]*/y) !== "";
  }

  token(): string {
    return this.#match(/[!#$%&'*+\-.^_`|~0-9A-Za-z]*/y);
  }

  take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** A token or a quoted string; undefined where there is neither. */
  value(): string | undefined {
    if (this.#text[this.#at] !== '"') {
      // Servers leave URLs unquoted, which RFC 9110 does not allow.
      const word = this.#match(/[^\s,"]+/y);
      return word === "" ? undefined : word;
    }
    const quoted = this.#match(/"(?:[^"\\]|\\[^])*"/y);
    return quoted === ""
      ? undefined
      : quoted.slice(1, -1).replace(/\\([^])/g, "$1");
  }

  /** `Negotiate abc==`: a value without a name, up to a comma or the end. */
  skipToken68(): void {
    this.#match(/[A-Za-z0-9\-._~+/]+=*(?=\s*(?:,|$))/y);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ""] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }
}
