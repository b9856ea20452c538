/**
 * The early documentation shows `log "Found tag " .. t`, which Lua reads as
 * `(log "Found tag ") .. t` and refuses as a statement. Such statements are
 * rewritten as calls.
 *
 * @module
 */

interface Token {
  /** `name`, `string`, `number`, or the text of a keyword or a sign. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

const KEYWORDS = new Set(
  ("and break do else elseif end false for function if in local nil not or " +
    "repeat return then true until while").split(" "),
);
const LONG = /^\[(=*)\[[\s\S]*?\]\1\]/;
const PATTERNS: readonly (readonly [string, RegExp])[] = [
  ["space", /^\s+/],
  ["space", /^--\[(=*)\[[\s\S]*?\]\1\]/],
  ["space", /^--[^\n]*/],
  ["string", LONG],
  ["string", /^"(?:[^"\\\n]|\\[\s\S])*"/],
  ["string", /^'(?:[^'\\\n]|\\[\s\S])*'/],
  ["number", /^0[xX][0-9a-fA-F]+|^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/],
  ["name", /^[A-Za-z_]\w*/],
  ["sign", /^(?:\.\.\.|\.\.|[=~<>]=|[^\s])/],
];

function tokens(source: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at, at + 65536);
    const [kind, text] = read(rest);
    const end = at + text.length;
    if (kind === "name" && KEYWORDS.has(text) || kind === "sign") {
      found.push({ kind: text, start: at, end });
    } else if (kind !== "space") found.push({ kind, start: at, end });
    at = end;
  }
  return found;
}

function read(rest: string): readonly [string, string] {
  for (const [kind, pattern] of PATTERNS) {
    const match = pattern.exec(rest);
    if (match) return [kind, match[0]];
  }
  return ["space", rest.slice(0, 1)];
}

/**
 * Rewrites statements that call a function with a string and go on with `..`
 * as calls with the whole expression.
 *
 * @returns The source with brackets, every line where it was; `undefined` where
 * there is nothing to rewrite.
 */
export function repairCalls(source: string): string | undefined {
  const list = tokens(source);
  const inserts: (readonly [number, string])[] = [];
  for (let at = 0; at < list.length; at++) {
    const open = statementCall(list, at);
    if (open === undefined) continue;
    const last = expressionEnd(list, open);
    const [first, end] = [list[open], list[last]];
    if (first === undefined || end === undefined) continue;
    inserts.push([first.start, "("], [end.end, ")"]);
    at = last;
  }
  if (inserts.length === 0) return undefined;
  let [result, from] = ["", 0];
  for (const [at, text] of inserts) {
    result += source.slice(from, at) + text;
    from = at;
  }
  return result + source.slice(from);
}

/** The tokens after which a name begins a statement. */
const BEFORE_STATEMENT = new Set(
  "; do then else repeat end ) ] } string number name true false nil ..."
    .split(" "),
);

/** Where the string of a call begins that a statement starts at `at` with, if `..` follows it. */
function statementCall(
  list: readonly Token[],
  at: number,
): number | undefined {
  const before = list[at - 1]?.kind;
  if (list[at]?.kind !== "name") return undefined;
  if (before !== undefined && !BEFORE_STATEMENT.has(before)) return undefined;
  let next = at + 1;
  while (
    (list[next]?.kind === "." || list[next]?.kind === ":") &&
    list[next + 1]?.kind === "name"
  ) next += 2;
  return list[next]?.kind === "string" && list[next + 1]?.kind === ".."
    ? next
    : undefined;
}

const BINARY = new Set(".. + - * / % ^ == ~= < > <= >= and or".split(" "));
const UNARY = new Set(["not", "-", "#"]);
const CLOSING: Readonly<Record<string, string>> = {
  "(": ")",
  "[": "]",
  "{": "}",
};

/** The last token of the expression that begins at `at`. */
function expressionEnd(list: readonly Token[], at: number): number {
  let last = operandEnd(list, at);
  while (BINARY.has(list[last + 1]?.kind ?? "")) {
    const end = operandEnd(list, last + 2);
    if (end < last + 2) break;
    last = end;
  }
  return last;
}

function operandEnd(list: readonly Token[], from: number): number {
  let at = from;
  while (UNARY.has(list[at]?.kind ?? "")) at++;
  const kind = list[at]?.kind ?? "";
  if (kind === "function") return blockEnd(list, at);
  if (kind === "{") return bracketEnd(list, at);
  if (kind !== "name" && kind !== "(") {
    return ["string", "number", "true", "false", "nil", "..."].includes(kind)
      ? at
      : from - 1;
  }
  let last = kind === "(" ? bracketEnd(list, at) : at;
  for (;;) {
    const next = list[last + 1];
    if (next === undefined) return last;
    if (next.kind === "." || next.kind === ":") last += 2;
    else if (next.kind in CLOSING) last = bracketEnd(list, last + 1);
    else if (next.kind === "string") last++;
    else return last;
  }
}

function bracketEnd(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < list.length; at++) {
    const kind = list[at]?.kind ?? "";
    if (kind in CLOSING) depth++;
    else if (kind === ")" || kind === "]" || kind === "}") depth--;
    if (depth === 0) return at;
  }
  return list.length - 1;
}

/** The `end` that closes the block that begins at `open`. */
function blockEnd(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < list.length; at++) {
    const kind = list[at]?.kind ?? "";
    // `while` and `for` have a `do` of their own.
    if (["function", "do", "if", "repeat"].includes(kind)) depth++;
    else if (kind === "end" || kind === "until") depth--;
    if (depth === 0) return at;
  }
  return list.length - 1;
}
