/**
 * The basic functions that differ from the interpreter's own, and the tables
 * `coroutine` and `table` where theirs could run without end.
 *
 * @module
 */
import { forward, load, loadString } from "./chunk.ts";
import type { Context, Library } from "./context.ts";
import { type LuaState, TYPE } from "./exports.ts";
import type { Binding } from "./instance.ts";

/** The names of base functions that a script does not get. */
export const WITHHELD = ["dofile", "loadfile"];

/** Options of the collector that only a measurement needs. */
const GC = { collect: 2, count: 3, countBytes: 4, step: 5 } as const;
/** From this length on a list is sorted with a function in Lua, which can be ended. */
const LONG = 5000;
/** Elements moved between two looks at the stop flag. */
const SLICE = 4096;

/** The functions that replace the interpreter's own among the globals. */
export function baseLibrary(
  context: Context,
  print: (bytes: Uint8Array<ArrayBuffer>) => void,
): Library {
  const { stack } = context;
  const { c } = stack.instance;
  return {
    print: (L) => {
      const count = c.lua_gettop(L);
      const pieces: number[] = [];
      for (let i = 1; i <= count; i++) {
        stack.pushText(L, i);
        if (c.lua_type(L, -1) !== TYPE.string) {
          stack.raise(L, "'tostring' must return a string to 'print'");
        }
        if (i > 1) pieces.push(9);
        for (const byte of stack.bytes(L, -1)) pieces.push(byte);
        c.lua_settop(L, -2);
      }
      pieces.push(10);
      print(Uint8Array.from(pieces));
      return 0;
    },
    loadstring: loadString(context),
    load: load(context),
    tonumber: (L) => toNumber(context, L),
    collectgarbage: (L) => collectGarbage(context, L),
    gcinfo: (L) => {
      c.lua_pushnumber(L, c.lua_gc(L, GC.count, 0));
      return 1;
    },
  };
}

function toNumber(context: Context, L: LuaState): number {
  const { stack } = context;
  const { c } = stack.instance;
  const base = stack.integer(L, 2, 10);
  if (base === 10) {
    if (c.lua_type(L, 1) === TYPE.none) {
      stack.badArgument(L, 1, "value expected");
    }
    if (c.lua_isnumber(L, 1) !== 0) c.lua_pushnumber(L, c.lua_tonumber(L, 1));
    else c.lua_pushnil(L);
    return 1;
  }
  if (base < 2 || base > 36) stack.badArgument(L, 2, "base out of range");
  stack.checkString(L, 1);
  const text = stack.text(L, 1).trim().toLowerCase();
  const [, sign = "", digits = ""] = /^([-+]?)(?:0x(?=[0-9a-f]))?([0-9a-z]+)$/
    .exec(base === 16 ? text : text.replace(/^([-+]?)0x/, "$1!")) ?? [];
  let value = 0;
  let valid = digits !== "";
  for (const digit of digits) {
    const n = parseInt(digit, 36);
    valid &&= n < base;
    value = value * base + n;
  }
  if (valid) c.lua_pushnumber(L, sign === "-" ? -value : value);
  else c.lua_pushnil(L);
  return 1;
}

function collectGarbage(context: Context, L: LuaState): number {
  const { stack } = context;
  const { c } = stack.instance;
  const option = c.lua_type(L, 1) <= TYPE.nil
    ? "collect"
    : (stack.checkString(L, 1), stack.text(L, 1));
  switch (option) {
    case "collect":
      c.lua_gc(L, GC.collect, 0);
      c.lua_pushnumber(L, 0);
      return 1;
    case "count":
      c.lua_pushnumber(
        L,
        c.lua_gc(L, GC.count, 0) + c.lua_gc(L, GC.countBytes, 0) / 1024,
      );
      return 1;
    case "step":
      c.lua_pushboolean(L, c.lua_gc(L, GC.step, 0));
      return 1;
    case "stop":
    case "restart":
    case "setpause":
    case "setstepmul":
      // The collector's pace is not the script's to choose.
      c.lua_pushnumber(L, 0);
      return 1;
  }
  return stack.badArgument(L, 1, `invalid option '${option}'`);
}

/**
 * `coroutine.create` and `coroutine.wrap`; the interpreter's own is upvalue 1.
 * A coroutine counts its instructions anew, so its making is counted here:
 * coroutines that make coroutines would never be looked at.
 */
export function newCoroutine(context: Context): Binding {
  const { stack } = context;
  const { c } = stack.instance;
  return (L) => {
    if (c.lua_type(L, 1) !== TYPE.function) {
      stack.badArgument(L, 1, "Lua function expected");
    }
    return forward(context, L);
  };
}

/** `table.insert`. */
export function tableInsert(context: Context): Binding {
  const { stack, watch } = context;
  const { c } = stack.instance;
  return (L) => {
    stack.checkTable(L, 1);
    const count = c.lua_gettop(L);
    const end = c.lua_objlen(L, 1) + 1;
    if (count === 2) {
      c.lua_rawseti(L, 1, end);
      return 0;
    }
    if (count !== 3) stack.raise(L, "wrong number of arguments to 'insert'");
    const position = Math.trunc(stack.checkNumber(L, 2));
    if (!Number.isSafeInteger(position) || Math.abs(position) > 2 ** 31) {
      stack.badArgument(L, 2, "position out of bounds");
    }
    for (let i = Math.max(end, position); i > position; i--) {
      c.lua_rawgeti(L, 1, i - 1);
      c.lua_rawseti(L, 1, i);
      if (i % SLICE === 0) watch.tick(SLICE, stack, L);
    }
    c.lua_rawseti(L, 1, position);
    return 0;
  };
}

/**
 * `table.sort`. Upvalue 1 is the interpreter's own, for short lists in their
 * natural order; upvalue 2 is one in Lua.
 */
export function tableSort(context: Context): Binding {
  const { stack } = context;
  const { c } = stack.instance;
  return (L) => {
    stack.checkTable(L, 1);
    const type = c.lua_type(L, 2);
    if (type > TYPE.nil && type !== TYPE.function) {
      stack.badArgument(
        L,
        2,
        `function expected, got ${stack.typeName(L, 2)}`,
      );
    }
    c.lua_settop(L, 2);
    if (type !== TYPE.function && c.lua_objlen(L, 1) <= LONG) {
      return forward(context, L);
    }
    c.lua_pushvalue(L, stack.upvalue(2));
    c.lua_insert(L, 1);
    c.lua_call(L, 2, 0);
    return 0;
  };
}
