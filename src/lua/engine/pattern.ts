/**
 * Lua's string patterns, with a limit: the interpreter's own can run for ever
 * inside C, where nothing can end them.
 *
 * See {@link https://www.lua.org/manual/5.1/manual.html#5.4.1}.
 *
 * @module
 */

/** What ends or fails a match: a message for the script. */
export class PatternError extends Error {}

/** A capture: a part of the subject, or a position in it (from 1). */
export type Capture =
  | { readonly start: number; readonly end: number }
  | { readonly position: number };

const MAX_CAPTURES = 32;
/** Items that wait for the rest of a pattern; each takes stack. */
const MAX_DEPTH = 2000;
/** Steps between two calls of `tick`. */
const SLICE = 1 << 14;
const UNFINISHED = -1;
const POSITION = -2;

const code = (character: string) => character.charCodeAt(0);
const ESCAPE = code("%");
const [OPEN, CLOSE, DOT, SET, SET_END, NOT, END, DASH] = [..."().[]^$-"].map(
  code,
) as [number, number, number, number, number, number, number, number];
const [MANY, SOME, MAYBE, BALANCE, FRONTIER] = [..."*+?bf"].map(code) as [
  number,
  number,
  number,
  number,
  number,
];

/** Matches one pattern against one subject. */
export class Matcher {
  readonly #s: Uint8Array;
  readonly #p: Uint8Array;
  readonly #tick: (steps: number) => void;
  readonly #start: number[] = [];
  readonly #length: number[] = [];
  #depth = 0;
  #steps = 0;

  /**
   * Makes a matcher. The bytes may not change or be detached while it is used.
   *
   * @param tick Told of the work done, now and then; throws to end it.
   */
  constructor(
    subject: Uint8Array,
    pattern: Uint8Array,
    tick: (steps: number) => void,
  ) {
    this.#s = subject;
    this.#p = pattern;
    this.#tick = tick;
  }

  /**
   * Matches at one place: `from` in the subject, `p` in the pattern.
   *
   * @returns Where the match ends, or -1.
   * @throws {PatternError} For a malformed pattern.
   */
  matchAt(from: number, p: number): number {
    this.#start.length = 0;
    this.#length.length = 0;
    this.#depth = 0;
    return this.#match(from, p);
  }

  /** The captures of the last match, which began at `from` and ended at `to`: the whole where the pattern has none. */
  captures(from: number, to: number): Capture[] {
    if (this.#start.length === 0) return [{ start: from, end: to }];
    return this.#start.map((_, i) => this.capture(i));
  }

  /** How many captures the last match made. */
  get count(): number {
    return this.#start.length;
  }

  /** One capture of the last match, the first is 0. */
  capture(i: number): Capture {
    const start = this.#start[i] ?? 0;
    const length = this.#length[i];
    if (length === UNFINISHED || length === undefined) {
      throw new PatternError("unfinished capture");
    }
    if (length === POSITION) return { position: start + 1 };
    return { start, end: start + length };
  }

  #step(): void {
    if (++this.#steps % SLICE === 0) this.#tick(SLICE);
  }

  #match(from: number, at: number): number {
    if (++this.#depth > MAX_DEPTH) {
      throw new PatternError("pattern too complex");
    }
    const end = this.#items(from, at);
    this.#depth--;
    return end;
  }

  #items(from: number, at: number): number {
    let [s, p] = [from, at];
    for (;;) {
      this.#step();
      if (p === this.#p.length) return s;
      const c = this.#p[p];
      if (c === OPEN) return this.#open(s, p);
      if (c === CLOSE) return this.#close(s, p + 1);
      if (c === END && p + 1 === this.#p.length) {
        return s === this.#s.length ? s : -1;
      }
      if (c === ESCAPE) {
        const next = this.#p[p + 1];
        if (next === BALANCE) {
          s = this.#balance(s, p + 2);
          if (s < 0) return -1;
          p += 4;
          continue;
        }
        if (next === FRONTIER) {
          const set = p + 2;
          if (this.#p[set] !== SET) {
            throw new PatternError("missing '[' after '%f' in pattern");
          }
          p = this.#classEnd(set);
          const before = s === 0 ? 0 : this.#s[s - 1] ?? 0;
          const here = this.#s[s] ?? 0;
          if (this.#inSet(before, set, p - 1)) return -1;
          if (!this.#inSet(here, set, p - 1)) return -1;
          continue;
        }
        if (next !== undefined && isDigit(next)) {
          s = this.#again(s, next);
          if (s < 0) return -1;
          p += 2;
          continue;
        }
      }
      const rest = this.#classEnd(p);
      const suffix = this.#p[rest];
      if (suffix === MAYBE) {
        if (this.#single(s, p, rest)) {
          const end = this.#match(s + 1, rest + 1);
          if (end >= 0) return end;
        }
        p = rest + 1;
        continue;
      }
      if (suffix === MANY) return this.#longest(s, p, rest);
      if (suffix === SOME) {
        return this.#single(s, p, rest) ? this.#longest(s + 1, p, rest) : -1;
      }
      if (suffix === DASH) return this.#shortest(s, p, rest);
      if (!this.#single(s, p, rest)) return -1;
      s++;
      p = rest;
    }
  }

  #longest(from: number, p: number, rest: number): number {
    let count = 0;
    while (this.#single(from + count, p, rest)) {
      this.#step();
      count++;
    }
    for (; count >= 0; count--) {
      const end = this.#match(from + count, rest + 1);
      if (end >= 0) return end;
    }
    return -1;
  }

  #shortest(from: number, p: number, rest: number): number {
    for (let s = from;; s++) {
      const end = this.#match(s, rest + 1);
      if (end >= 0) return end;
      if (!this.#single(s, p, rest)) return -1;
    }
  }

  #open(s: number, p: number): number {
    const position = this.#p[p + 1] === CLOSE;
    if (this.#start.length >= MAX_CAPTURES) {
      throw new PatternError("too many captures");
    }
    this.#start.push(s);
    this.#length.push(position ? POSITION : UNFINISHED);
    const level = this.#start.length;
    const end = this.#match(s, position ? p + 2 : p + 1);
    if (end < 0) this.#start.length = this.#length.length = level - 1;
    return end;
  }

  #close(s: number, p: number): number {
    const level = this.#length.lastIndexOf(UNFINISHED);
    if (level < 0) throw new PatternError("invalid pattern capture");
    this.#length[level] = s - (this.#start[level] ?? 0);
    const end = this.#match(s, p);
    if (end < 0) this.#length[level] = UNFINISHED;
    return end;
  }

  #balance(from: number, p: number): number {
    const [open, close] = [this.#p[p], this.#p[p + 1]];
    if (open === undefined || close === undefined) {
      throw new PatternError("unbalanced pattern");
    }
    if (this.#s[from] !== open) return -1;
    let nested = 1;
    for (let s = from + 1; s < this.#s.length; s++) {
      this.#step();
      const c = this.#s[s];
      if (c === close) {
        if (--nested === 0) return s + 1;
      } else if (c === open) nested++;
    }
    return -1;
  }

  /** A back reference: what capture `digit` matched, once more. */
  #again(s: number, digit: number): number {
    const level = digit - code("1");
    const length = this.#length[level];
    if (level < 0 || length === undefined || length === UNFINISHED) {
      throw new PatternError(`invalid capture index`);
    }
    const start = this.#start[level] ?? 0;
    const size = Math.max(length, 0);
    if (this.#s.length - s < size) return -1;
    for (let i = 0; i < size; i++) {
      this.#step();
      if (this.#s[start + i] !== this.#s[s + i]) return -1;
    }
    return s + size;
  }

  /** Where the single-character item at `p` ends. */
  #classEnd(p: number): number {
    const c = this.#p[p];
    if (c === ESCAPE) {
      if (p + 1 >= this.#p.length) {
        throw new PatternError("malformed pattern (ends with '%')");
      }
      return p + 2;
    }
    if (c !== SET) return p + 1;
    let at = p + 1;
    if (this.#p[at] === NOT) at++;
    do {
      this.#step();
      if (at >= this.#p.length) {
        throw new PatternError("malformed pattern (missing ']')");
      }
      if (this.#p[at++] === ESCAPE && at < this.#p.length) at++;
    } while (this.#p[at] !== SET_END);
    return at + 1;
  }

  #single(s: number, p: number, rest: number): boolean {
    const c = this.#s[s];
    if (c === undefined) return false;
    const item = this.#p[p];
    if (item === DOT) return true;
    if (item === ESCAPE) return inClass(c, this.#p[p + 1] ?? 0);
    if (item === SET) return this.#inSet(c, p, rest - 1);
    return item === c;
  }

  /** Whether the set at `open`, whose bracket closes at `close`, has a character. */
  #inSet(c: number, open: number, close: number): boolean {
    const negated = this.#p[open + 1] === NOT;
    for (let p = open + (negated ? 2 : 1); p < close; p++) {
      this.#step();
      const item = this.#p[p] ?? 0;
      if (item === ESCAPE) {
        p++;
        if (inClass(c, this.#p[p] ?? 0)) return !negated;
      } else if (this.#p[p + 1] === DASH && p + 2 < close) {
        if (item <= c && c <= (this.#p[p + 2] ?? 0)) return !negated;
        p += 2;
      } else if (item === c) return !negated;
    }
    return negated;
  }
}

const isDigit = (c: number) => c >= 48 && c <= 57;
const isUpper = (c: number) => c >= 65 && c <= 90;
const isLower = (c: number) => c >= 97 && c <= 122;
const isAlpha = (c: number) => isUpper(c) || isLower(c);
const isHex = (c: number) =>
  isDigit(c) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102);

/** The classes, in the C locale. */
const CLASSES: ReadonlyMap<number, (c: number) => boolean> = new Map([
  ["a", isAlpha],
  ["c", (c: number) => c < 32 || c === 127],
  ["d", isDigit],
  ["l", isLower],
  ["p", (c: number) => c > 32 && c < 127 && !isAlpha(c) && !isDigit(c)],
  ["s", (c: number) => c === 32 || (c >= 9 && c <= 13)],
  ["u", isUpper],
  ["w", (c: number) => isAlpha(c) || isDigit(c)],
  ["x", isHex],
  ["z", (c: number) => c === 0],
].map(([name, has]) => [code(name as string), has as (c: number) => boolean]));

/** Whether the class named by the character after `%` has a character. */
function inClass(c: number, name: number): boolean {
  const has = CLASSES.get(name | 32);
  if (has === undefined || !isAlpha(name)) return name === c;
  return has(c) !== isUpper(name);
}
