/**
 * The string functions that search, and those that can make huge strings: none
 * of them may run inside C, where nothing can end them.
 *
 * See {@link https://www.lua.org/manual/5.1/manual.html#5.4}.
 *
 * @module
 */
import type { ByteBuilder } from "./bytes.ts";
import { builder, type Context, type Library } from "./context.ts";
import { type LuaState, TYPE } from "./exports.ts";
import { type Capture, Matcher, PatternError } from "./pattern.ts";

const ESCAPE = 37; // %
const CARET = 94; // ^
const SPECIALS = [..."^$*+?.([%-"].map((c) => c.charCodeAt(0));
/** Bytes compared or copied that count as one step. */
const BULK = 64;

/** The functions for the table `string`. */
export function stringLibrary(context: Context): Library {
  const { stack } = context;
  return {
    find: (L) => guarded(context, L, () => find(context, L, true)),
    match: (L) => guarded(context, L, () => find(context, L, false)),
    gmatch: (L) => gmatch(context, L),
    gfind: (L) => gmatch(context, L),
    gsub: (L) => guarded(context, L, () => gsub(context, L)),
    rep: (L) => rep(context, L),
    upper: (L) => mapped(context, L, (c) => c >= 97 && c <= 122 ? c - 32 : c),
    lower: (L) => mapped(context, L, (c) => c >= 65 && c <= 90 ? c + 32 : c),
    reverse: (L) => {
      stack.checkString(L, 1);
      stack.pushString(L, stack.bytes(L, 1).reverse());
      return 1;
    },
  };
}

/** Turns what is wrong with a pattern into an error of the script. */
function guarded(context: Context, L: LuaState, work: () => number): number {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return context.stack.raise(L, error.message);
  }
}

/** The bytes of argument `n`, valid until the interpreter runs again. */
function look(context: Context, L: LuaState, n: number): Uint8Array {
  const { at, length } = context.stack.checkString(L, n);
  return context.stack.instance.bytes.subarray(at, at + length);
}

function matcher(
  context: Context,
  L: LuaState,
  subject: Uint8Array,
  pattern: Uint8Array,
): Matcher {
  const { stack, watch } = context;
  return new Matcher(subject, pattern, (steps) => watch.tick(steps, stack, L));
}

function find(context: Context, L: LuaState, positions: boolean): number {
  const { stack } = context;
  const { c } = stack.instance;
  stack.checkString(L, 1);
  stack.checkString(L, 2);
  const asked = stack.integer(L, 3, 1);
  // Numbers became strings above: from here on the memory stays where it is.
  const subject = look(context, L, 1);
  const pattern = look(context, L, 2);
  const init = start(asked, subject.length);
  const plain = positions &&
    (c.lua_toboolean(L, 4) !== 0 || !pattern.some((c) => SPECIALS.includes(c)));
  if (plain) {
    const at = indexOf(context, L, subject, pattern, init);
    if (at < 0) return pushNil(context, L);
    c.lua_pushnumber(L, at + 1);
    c.lua_pushnumber(L, at + pattern.length);
    return 2;
  }
  const anchored = pattern[0] === CARET;
  const search = matcher(context, L, subject, pattern);
  for (let from = init; from <= subject.length; from++) {
    const to = search.matchAt(from, anchored ? 1 : 0);
    if (to >= 0) {
      if (!positions) {
        return pushAll(context, L, search.captures(from, to), 1);
      }
      const captures = search.count === 0 ? [] : search.captures(from, to);
      c.lua_pushnumber(L, from + 1);
      c.lua_pushnumber(L, to);
      return 2 + pushAll(context, L, captures, 1);
    }
    if (anchored) break;
  }
  return pushNil(context, L);
}

/** Turns a position that counts from 1, or from the end, into an offset. */
function start(position: number, length: number): number {
  const from = position < 0 ? Math.max(length + position, 0) : position - 1;
  return Math.min(Math.max(from, 0), length);
}

function indexOf(
  context: Context,
  L: LuaState,
  subject: Uint8Array,
  wanted: Uint8Array,
  from: number,
): number {
  const { stack, watch } = context;
  const [first] = wanted;
  if (first === undefined) return from;
  const last = subject.length - wanted.length;
  for (let at = from;; at++) {
    const next = subject.indexOf(first, at);
    if (next < 0 || next > last) return -1;
    let same = 1;
    while (same < wanted.length && subject[next + same] === wanted[same]) {
      same++;
    }
    if (same === wanted.length) return next;
    watch.tick(1 + Math.floor((next - at + same) / BULK), stack, L);
    at = next;
  }
}

function pushNil(context: Context, L: LuaState): number {
  context.stack.instance.c.lua_pushnil(L);
  return 1;
}

function pushAll(
  context: Context,
  L: LuaState,
  captures: readonly Capture[],
  subject: number,
): number {
  const { c } = context.stack.instance;
  if (c.lua_checkstack(L, captures.length + 4) === 0) {
    context.stack.raise(L, "stack overflow (too many captures)");
  }
  for (const capture of captures) pushOne(context, L, capture, subject);
  return captures.length;
}

function pushOne(
  context: Context,
  L: LuaState,
  capture: Capture,
  subject: number,
): void {
  const { c } = context.stack.instance;
  if ("position" in capture) return c.lua_pushnumber(L, capture.position);
  const { at } = context.stack.span(L, subject);
  c.lua_pushlstring(L, at + capture.start, capture.end - capture.start);
}

function gmatch(context: Context, L: LuaState): number {
  const { stack } = context;
  const { c } = stack.instance;
  stack.checkString(L, 1);
  stack.checkString(L, 2);
  c.lua_settop(L, 2);
  const [subject, pattern] = [stack.upvalue(1), stack.upvalue(2)];
  let from = 0;
  stack.pushFunction(L, (L) =>
    guarded(context, L, () => {
      const bytes = look(context, L, subject);
      const search = matcher(context, L, bytes, look(context, L, pattern));
      for (; from <= bytes.length; from++) {
        const to = search.matchAt(from, 0);
        if (to < 0) continue;
        const captures = search.captures(from, to);
        // An empty match must not be found again.
        from = to === from ? to + 1 : to;
        return pushAll(context, L, captures, subject);
      }
      return pushNil(context, L);
    }), 2);
  return 1;
}

function gsub(context: Context, L: LuaState): number {
  const { stack } = context;
  const { c } = stack.instance;
  stack.checkString(L, 1);
  stack.checkString(L, 2);
  const kind = c.lua_type(L, 3);
  const kinds: number[] = [TYPE.string, TYPE.number, TYPE.table, TYPE.function];
  if (!kinds.includes(kind)) {
    stack.badArgument(L, 3, "string/function/table expected");
  }
  // Copies: the replacement may run the interpreter, which moves its memory.
  const subject = stack.bytes(L, 1);
  const pattern = stack.bytes(L, 2);
  const anchored = pattern[0] === CARET;
  const most = stack.integer(L, 4, subject.length + 1);
  const template = kind === TYPE.table || kind === TYPE.function
    ? undefined
    : stack.bytes(L, 3);
  const search = matcher(context, L, subject, pattern);
  const result = builder(context, L);
  let [from, count] = [0, 0];
  while (count < most) {
    const to = search.matchAt(from, anchored ? 1 : 0);
    if (to >= 0) {
      count++;
      const captures = search.captures(from, to);
      const whole = subject.subarray(from, to);
      if (template === undefined) {
        result.append(replacement(context, L, captures, whole));
      } else expand(template, subject, captures, whole, result);
    }
    if (to > from) from = to;
    else if (from < subject.length) result.byte(subject[from++] ?? 0);
    else break;
    if (anchored) break;
  }
  result.append(subject.subarray(from));
  stack.pushString(L, result.bytes);
  c.lua_pushnumber(L, count);
  return 2;
}

/** Asks the table or the function that is argument 3. */
function replacement(
  context: Context,
  L: LuaState,
  captures: readonly Capture[],
  whole: Uint8Array,
): Uint8Array {
  const { stack } = context;
  const { c } = stack.instance;
  if (c.lua_type(L, 3) === TYPE.function) {
    c.lua_pushvalue(L, 3);
    c.lua_call(L, pushAll(context, L, captures, 1), 1);
  } else {
    pushAll(context, L, captures.slice(0, 1), 1);
    c.lua_gettable(L, 3);
  }
  const type = c.lua_type(L, -1);
  if (type !== TYPE.string && type !== TYPE.number) {
    if (c.lua_toboolean(L, -1) !== 0) {
      stack.raise(
        L,
        `invalid replacement value (a ${stack.typeName(L, -1)})`,
      );
    }
    c.lua_settop(L, -2);
    return whole;
  }
  const bytes = stack.bytes(L, -1);
  c.lua_settop(L, -2);
  return bytes;
}

/** Appends a replacement string, with `%0` to `%9` filled in. */
function expand(
  template: Uint8Array,
  subject: Uint8Array,
  captures: readonly Capture[],
  whole: Uint8Array,
  result: ByteBuilder,
): void {
  for (let i = 0; i < template.length; i++) {
    const c = template[i] ?? 0;
    const next = template[i + 1];
    if (c !== ESCAPE) {
      result.byte(c);
      continue;
    }
    i++;
    const digit = (next ?? 0) - 48;
    if (digit === 0) result.append(whole);
    else if (digit > 0 && digit < 10) {
      const capture = captures[digit - 1];
      if (capture === undefined) {
        throw new PatternError("invalid capture index");
      }
      if ("position" in capture) result.ascii(String(capture.position));
      else result.append(subject.subarray(capture.start, capture.end));
    } else if (next !== undefined) result.byte(next);
  }
}

function rep(context: Context, L: LuaState): number {
  const { stack } = context;
  stack.checkString(L, 1);
  const bytes = stack.bytes(L, 1);
  const times = Math.max(stack.checkNumber(L, 2), 0);
  const size = bytes.length === 0 ? 0 : Math.trunc(times) * bytes.length;
  if (!(size <= context.limits.memory / 2)) {
    stack.raise(L, "not enough memory");
  }
  const { c } = stack.instance;
  const at = stack.allocate(L, size);
  const memory = stack.instance.bytes;
  memory.set(bytes.subarray(0, size), at);
  // Doubles what is there: a few copies whatever the number of times.
  for (let done = bytes.length; done > 0 && done < size; done *= 2) {
    memory.copyWithin(at + done, at, at + Math.min(done, size - done));
  }
  c.lua_pushlstring(L, at, size);
  return 1;
}

function mapped(
  context: Context,
  L: LuaState,
  change: (c: number) => number,
): number {
  const { stack } = context;
  stack.checkString(L, 1);
  stack.pushString(L, stack.bytes(L, 1).map(change));
  return 1;
}
