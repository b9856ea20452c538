/**
 * Loading source text.
 *
 * @module
 */
import { concat } from "../../base/concat.ts";
import type { Context } from "./context.ts";
import { type LuaState, MULTRET, type Pointer, TYPE } from "./exports.ts";
import type { Binding } from "./instance.ts";

/** The largest chunk, in bytes: compiling runs inside C, where nothing ends it. */
export const MAX_CHUNK = 4 << 20;
/** The first byte of compiled code. */
const COMPILED = 27;
/** Offsets in a function, and in its prototype. */
const CLOSURE_PROTO = 16;
const PROTO = {
  children: 16,
  childCount: 52,
  parameters: 73,
  vararg: 74,
  stack: 75,
} as const;

/**
 * Compiles bytes and pushes the function, or a message.
 *
 * @param name As the interpreter wants it: `=<string>` names the text itself.
 * @returns Whether it compiled.
 */
export function loadChunk(
  context: Context,
  L: LuaState,
  source: Uint8Array,
  name: string | Uint8Array,
): boolean {
  const { stack } = context;
  const { c } = stack.instance;
  const refusal = source[0] === COMPILED
    ? "compiled code is not accepted"
    : source.length > MAX_CHUNK
    ? "chunk is too large"
    : undefined;
  if (refusal !== undefined) {
    stack.pushString(L, refusal);
    return false;
  }
  stack.pushString(L, source);
  stack.pushString(L, name);
  const [text, title] = [stack.span(L, -2), stack.span(L, -1)];
  const status = c.luaL_loadbuffer(L, text.at, text.length, title.at);
  c.lua_remove(L, -2);
  c.lua_remove(L, -2);
  if (status !== 0) return false;
  const { view } = stack.instance;
  const closure = c.lua_topointer(L, -1);
  if (reserve(view, view.getUint32(closure + CLOSURE_PROTO, true))) return true;
  c.lua_settop(L, -2);
  stack.pushString(L, "function has too many parameters");
  return false;
}

/**
 * Makes room for what a call of a vararg function needs: Lua 5.1 copies the
 * fixed parameters without asking for it and can write behind its stack
 * (CVE-2014-5461).
 */
function reserve(view: DataView, proto: Pointer): boolean {
  const parameters = view.getUint8(proto + PROTO.parameters);
  if (view.getUint8(proto + PROTO.vararg) !== 0) {
    const room = view.getUint8(proto + PROTO.stack) + parameters;
    if (room > 255) return false;
    view.setUint8(proto + PROTO.stack, room);
  }
  const children = view.getUint32(proto + PROTO.children, true);
  const count = view.getInt32(proto + PROTO.childCount, true);
  for (let i = 0; i < count; i++) {
    if (!reserve(view, view.getUint32(children + 4 * i, true))) return false;
  }
  return true;
}

/** `loadstring`: compiles a string. */
export function loadString(context: Context): Binding {
  const { stack } = context;
  return (L) => {
    stack.checkString(L, 1);
    const source = stack.bytes(L, 1);
    return loaded(
      context,
      L,
      source,
      stack.instance.c.lua_type(L, 2) <= TYPE.nil ? source : named(context, L),
    );
  };
}

/** `load`: compiles what a function returns piece by piece; a string as well. */
export function load(context: Context): Binding {
  const { stack } = context;
  const { c } = stack.instance;
  const ofString = loadString(context);
  return (L) => {
    if (c.lua_type(L, 1) === TYPE.string) return ofString(L);
    if (c.lua_type(L, 1) !== TYPE.function) {
      stack.badArgument(
        L,
        1,
        `function expected, got ${stack.typeName(L, 1)}`,
      );
    }
    const name = c.lua_type(L, 2) <= TYPE.nil ? "=(load)" : named(context, L);
    const pieces: Uint8Array[] = [];
    for (let size = 0;;) {
      c.lua_pushvalue(L, 1);
      if (c.lua_pcall(L, 0, 1, 0) !== 0) return failed(context, L);
      const type = c.lua_type(L, -1);
      if (type !== TYPE.nil && type !== TYPE.string) {
        stack.raise(L, "reader function must return a string");
      }
      const piece = type === TYPE.nil ? new Uint8Array() : stack.bytes(L, -1);
      c.lua_settop(L, -2);
      if (piece.length === 0) break;
      size += piece.length;
      if (size > MAX_CHUNK) stack.raise(L, "chunk is too large");
      pieces.push(piece);
    }
    return loaded(context, L, concat(pieces), name);
  };
}

function named(context: Context, L: LuaState): Uint8Array {
  context.stack.checkString(L, 2);
  return context.stack.bytes(L, 2);
}

function loaded(
  context: Context,
  L: LuaState,
  source: Uint8Array,
  name: string | Uint8Array,
): number {
  return loadChunk(context, L, source, name) ? 1 : failed(context, L);
}

function failed(context: Context, L: LuaState): number {
  const { c } = context.stack.instance;
  c.lua_pushnil(L);
  c.lua_insert(L, -2);
  return 2;
}

/** Calls the function in upvalue 1 with the arguments, and returns all it returns. */
export function forward(context: Context, L: LuaState): number {
  const { stack } = context;
  const { c } = stack.instance;
  const count = c.lua_gettop(L);
  c.lua_pushvalue(L, stack.upvalue(1));
  c.lua_insert(L, 1);
  c.lua_call(L, count, MULTRET);
  return c.lua_gettop(L);
}
