/**
 * What the interpreter's binary exports: the C API of Lua 5.1.
 *
 * @module
 */

/** A pointer to a `lua_State`: the script's main thread or a coroutine of it. */
export type LuaState = number;
/** An address in the interpreter's memory. */
export type Pointer = number;

/** Pseudo-indices, see {@link https://www.lua.org/manual/5.1/manual.html#3.3}. */
export const REGISTRY = -10000;
/** The pseudo-index of the globals. */
export const GLOBALS = -10002;
/** The pseudo-index of an upvalue of the running C function; the first is 1. */
export const upvalue = (n: number): number => GLOBALS - n;
/** As many results as there are. */
export const MULTRET = -1;
/** Calls the hook as instructions were counted. */
export const MASKCOUNT = 8;

/** The types of values, as `lua_type` gives them. */
export const TYPE = {
  none: -1,
  nil: 0,
  boolean: 1,
  lightuserdata: 2,
  number: 3,
  string: 4,
  table: 5,
  function: 6,
  userdata: 7,
  thread: 8,
} as const;

/** The functions that are used, by their names in the Lua manual. */
export interface LuaExports {
  /** The one memory. */
  readonly memory: WebAssembly.Memory;
  /** The functions that have an address. */
  readonly __indirect_function_table: WebAssembly.Table;
  /** Prepares the C library; called once. */
  __wasm_call_ctors(): void;
  /** Where the C stack is. */
  stackSave(): Pointer;
  /** Takes the C stack back after an exception. */
  stackRestore(at: Pointer): void;
  /** Makes room on the C stack. */
  stackAlloc(size: number): Pointer;
  /** Notes that a longjmp is under way. */
  setThrew(value: number, id: number): void;
  malloc(size: number): Pointer;
  free(at: Pointer): void;
  luaL_newstate(): LuaState;
  luaopen_base(L: LuaState): number;
  luaopen_table(L: LuaState): number;
  luaopen_string(L: LuaState): number;
  luaopen_math(L: LuaState): number;
  luaL_loadbuffer(
    L: LuaState,
    at: Pointer,
    size: number,
    name: Pointer,
  ): number;
  luaL_ref(L: LuaState, table: number): number;
  luaL_getmetafield(L: LuaState, index: number, name: Pointer): number;
  luaL_callmeta(L: LuaState, index: number, name: Pointer): number;
  lua_sethook(L: LuaState, hook: Pointer, mask: number, count: number): number;
  lua_gethookcount(L: LuaState): number;
  lua_gc(L: LuaState, what: number, data: number): number;
  lua_getstack(L: LuaState, level: number, record: Pointer): number;
  lua_getinfo(L: LuaState, what: Pointer, record: Pointer): number;
  lua_checkstack(L: LuaState, slots: number): number;
  lua_gettop(L: LuaState): number;
  lua_settop(L: LuaState, index: number): void;
  lua_insert(L: LuaState, index: number): void;
  lua_remove(L: LuaState, index: number): void;
  lua_replace(L: LuaState, index: number): void;
  lua_pushvalue(L: LuaState, index: number): void;
  lua_xmove(from: LuaState, to: LuaState, count: number): void;
  lua_type(L: LuaState, index: number): number;
  lua_rawequal(L: LuaState, a: number, b: number): number;
  lua_toboolean(L: LuaState, index: number): number;
  lua_tonumber(L: LuaState, index: number): number;
  lua_isnumber(L: LuaState, index: number): number;
  lua_tolstring(L: LuaState, index: number, size: Pointer): Pointer;
  lua_objlen(L: LuaState, index: number): number;
  lua_topointer(L: LuaState, index: number): Pointer;
  lua_touserdata(L: LuaState, index: number): Pointer;
  lua_pushnil(L: LuaState): void;
  lua_pushboolean(L: LuaState, value: number): void;
  lua_pushnumber(L: LuaState, value: number): void;
  lua_pushlstring(L: LuaState, at: Pointer, size: number): void;
  lua_pushcclosure(L: LuaState, fn: Pointer, upvalues: number): void;
  lua_createtable(L: LuaState, array: number, hash: number): void;
  lua_newuserdata(L: LuaState, size: number): Pointer;
  lua_gettable(L: LuaState, index: number): void;
  lua_settable(L: LuaState, index: number): void;
  lua_rawget(L: LuaState, index: number): void;
  lua_rawset(L: LuaState, index: number): void;
  lua_rawgeti(L: LuaState, index: number, n: number): void;
  lua_rawseti(L: LuaState, index: number, n: number): void;
  lua_next(L: LuaState, index: number): number;
  lua_getmetatable(L: LuaState, index: number): number;
  lua_setmetatable(L: LuaState, index: number): number;
  lua_getfenv(L: LuaState, index: number): void;
  lua_setfenv(L: LuaState, index: number): number;
  lua_call(L: LuaState, args: number, results: number): void;
  lua_pcall(
    L: LuaState,
    args: number,
    results: number,
    handler: number,
  ): number;
  lua_error(L: LuaState): number;
}
