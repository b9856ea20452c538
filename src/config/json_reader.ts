/**
 * Reads a JSON file whose errors name file, line and column. JSON's own parser
 * does the work; positions are looked for only when something is wrong.
 *
 * @module
 */
import { isRegError, RegError } from "../base/errors.ts";

/** Options for {@linkcode readJson}. */
export interface ReadJsonOptions<T> {
  /** The file's name in errors. */
  readonly file: string;
  /** Reads the tree. */
  readonly read: (reader: JsonReader) => T;
}

/**
 * Parses the first JSON value of a text; what follows it is ignored, and the mark
 * that some editors put before it.
 *
 * @throws {RegError} `config` with `file:line:column` of what is wrong.
 */
export async function readJson<T>(
  text: string,
  options: ReadJsonOptions<T>,
): Promise<T> {
  const { file, read } = options;
  const value = parseFirst(text.replace(/^\ufeff/, ""), file);
  try {
    return read(new JsonReader(value, []));
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    const at = await place(text, error.path);
    throw new RegError("config", `${file}${at}: ${error.message}`);
  }
}

function parseFirst(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { end, problem } = scan(text);
    if (problem === undefined) return JSON.parse(text.slice(0, end));
    const lines = text.slice(0, end).split("\n");
    throw new RegError(
      "config",
      `${path}:${lines.length}:${(lines.at(-1) ?? "").length + 1}: ${problem}`,
    );
  }
}

/** What JSON takes for a blank: fewer characters than `\s`. */
const BLANKS = /[ \t\n\r]*/y;

const TOKEN =
  /([{}[\],:])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)/uy;

/** What may come next: a value, a key, the colon after it, a comma or the end. */
type Expected = "value" | "key" | "colon" | "comma";

/**
 * Finds where the first value of a text ends, or what is wrong with it: V8 does
 * not say where it stopped.
 */
function scan(
  text: string,
): { readonly end: number; readonly problem?: string } {
  const open: string[] = [];
  let expected: Expected = "value";
  let first = false; // right after an opening bracket, which may be closed
  let at = 0;
  for (;;) {
    BLANKS.lastIndex = at;
    at += BLANKS.exec(text)?.[0].length ?? 0;
    TOKEN.lastIndex = at;
    const [token = "", mark, string] = TOKEN.exec(text) ?? [];
    const closes = mark === "}" || mark === "]";
    const matches = closes && mark === open.at(-1) &&
      (expected === "comma" || first);
    const fits = matches ||
      (expected === "value" && !closes && mark !== "," && mark !== ":") ||
      (expected === "key" && string !== undefined) ||
      (expected === "colon" && mark === ":") ||
      (expected === "comma" && mark === ",");
    if (token === "" || !fits) return { end: at, problem: said(text, at) };
    at += token.length;
    first = mark === "{" || mark === "[";
    if (matches) open.pop();
    if (mark === "{") open.push("}");
    if (mark === "[") open.push("]");
    if (mark === "{") expected = "key";
    else if (mark === ":" || mark === "[") expected = "value";
    else if (mark === ",") expected = open.at(-1) === "}" ? "key" : "value";
    else if (expected === "key" && !matches) expected = "colon";
    else expected = "comma";
    if (open.length === 0) return { end: at };
  }
}

function said(text: string, at: number): string {
  return at >= text.length
    ? "unexpected end of JSON"
    : `unexpected ${
      JSON.stringify(text.slice(at).split(/\s/, 1)[0]?.slice(0, 1))
    } in JSON`;
}

/** A value of the wrong kind; the place is added where it is known. */
export class WrongValue extends Error {
  /** The keys down to it. */
  readonly path: readonly string[];

  /**
   * Makes an error.
   *
   * @param path The keys down to the value.
   * @param message What was expected, what was found.
   */
  constructor(path: readonly string[], message: string) {
    super(path.length === 0 ? message : `${path.join(".")}: ${message}`);
    this.path = path;
  }
}

/** `:line:column` of a value; empty where it cannot be found. */
async function place(text: string, path: readonly string[]): Promise<string> {
  const { parseYaml } = await import("./yaml.ts"); // JSON is YAML, too
  try {
    let node = parseYaml(text);
    for (const key of path) {
      const below = node.kind === "map"
        ? [...node.entries].find(([name]) =>
          name.toLowerCase() === key.toLowerCase()
        )?.[1].value
        : node.kind === "list"
        ? node.items[Number(key)]
        : undefined;
      if (below === undefined) break;
      node = below;
    }
    return `:${node.at.line}:${node.at.column}`;
  } catch (error) {
    if (isRegError(error, "config")) return "";
    throw error;
  }
}

/** The keys whose values are nobody's business, wrong ones too. */
const SECRET = /pass|token|key|auth/i;

/** Reads values of a JSON tree; `null` and what is absent are `undefined`. */
export class JsonReader {
  readonly #value: unknown;
  /** The keys down to the value. */
  readonly path: readonly string[];

  /** Reads a value at a path. */
  constructor(value: unknown, path: readonly string[]) {
    this.#value = value;
    this.path = path;
  }

  /** Whether there is nothing to read. */
  get isAbsent(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  /** The value as it is. */
  get raw(): unknown {
    return this.#value;
  }

  /** The error for a value of another kind. */
  wrong(expects: string): WrongValue {
    const found = JSON.stringify(this.#value) ?? "nothing";
    // A secret in the wrong place must not end up on a terminal.
    const isSecret = this.path.some((key) => SECRET.test(key));
    const kind = isSecret || found.length > 40 ? "something else" : found;
    return new WrongValue(this.path, `expected ${expects}, found ${kind}`);
  }

  /** The members of an object. */
  entries(): readonly (readonly [string, JsonReader])[] {
    const value = this.#value;
    if (this.isAbsent) return [];
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.wrong("an object");
    }
    return Object.entries(value).map(([key, below]) => [
      key,
      new JsonReader(below, [...this.path, key]),
    ]);
  }

  /** The values of known keys, by their proper names, and all others. */
  fields(known: readonly string[]): {
    readonly of: (key: string) => JsonReader;
    readonly unknown: Readonly<Record<string, unknown>>;
  } {
    const found = new Map<string, JsonReader>();
    const unknown: Record<string, unknown> = {};
    for (const [key, reader] of this.entries()) {
      const name = known.includes(key)
        ? key
        : known.find((one) => one.toLowerCase() === key.toLowerCase());
      if (name === undefined) unknown[key] = reader.raw;
      else if (name === key || !found.has(name)) found.set(name, reader);
    }
    const absent = (key: string) =>
      new JsonReader(undefined, [...this.path, key]);
    return { of: (key) => found.get(key) ?? absent(key), unknown };
  }

  /** A text. */
  text(): string | undefined {
    if (this.isAbsent) return undefined;
    if (typeof this.#value !== "string") throw this.wrong("text");
    return this.#value;
  }

  /** A number. */
  number(): number | undefined {
    if (this.isAbsent) return undefined;
    if (typeof this.#value !== "number") throw this.wrong("a number");
    return this.#value;
  }

  /** A whole number, not below `least`. */
  integer(least: number): number | undefined {
    const value = this.number();
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw this.wrong(
      least === 0 ? "a whole number, 0 or more" : "a whole number",
    );
  }

  /** A boolean. */
  boolean(): boolean | undefined {
    if (this.isAbsent) return undefined;
    if (typeof this.#value !== "boolean") throw this.wrong("true or false");
    return this.#value;
  }

  /** A list of texts. */
  list(): readonly string[] | undefined {
    if (this.isAbsent) return undefined;
    const value = this.#value;
    if (!Array.isArray(value)) throw this.wrong("a list of texts");
    return value.map((item, at) =>
      new JsonReader(item, [...this.path, String(at)]).text() ?? ""
    );
  }

  /** Texts by key. */
  table(): Readonly<Record<string, string>> | undefined {
    if (this.isAbsent) return undefined;
    return Object.fromEntries(
      this.entries().map(([key, value]) => [key, value.text() ?? ""]),
    );
  }
}
