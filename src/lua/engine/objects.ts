/**
 * Objects that are no tables: userdata. Their real metatable stays out of reach
 * of the script, since its `__gc` would run where no hook does; the script sees
 * another table in its place, and what it sets there takes effect.
 *
 * @module
 */
import { type Context, type Library } from "./context.ts";
import { type LuaState, TYPE } from "./exports.ts";
import type { Binding } from "./instance.ts";

/** The events with two operands, and what Lua says where there is no handler. */
const BINARY: Readonly<Record<string, string>> = {
  __add: "perform arithmetic on",
  __sub: "perform arithmetic on",
  __mul: "perform arithmetic on",
  __div: "perform arithmetic on",
  __mod: "perform arithmetic on",
  __pow: "perform arithmetic on",
  __unm: "perform arithmetic on",
  __concat: "concatenate",
  __lt: "compare",
  __le: "compare",
  __len: "get length of",
};

/**
 * Pushes a metatable for userdata. The table on top of the stack is what
 * `getmetatable` shows: events without a handler in `own` are looked up there.
 */
export function hiddenMetatable(
  context: Context,
  L: LuaState,
  own: Library = {},
): void {
  const { stack } = context;
  const { c } = stack.instance;
  c.lua_createtable(L, 0, 20);
  for (
    const [event, binding] of Object.entries({ ...shown(context), ...own })
  ) {
    c.lua_pushvalue(L, -2);
    stack.pushFunction(L, binding, 1);
    stack.setField(L, -2, event);
  }
  c.lua_pushvalue(L, -2);
  stack.setField(L, -2, "__metatable");
}

/** Handlers that look in the table that the script sees, which is upvalue 1. */
function shown(context: Context): Library {
  const { stack } = context;
  const { c } = stack.instance;
  const binary = Object.entries(BINARY).map(([event, action]) =>
    [
      event,
      (L: LuaState) =>
        handle(context, L, event) ||
        stack.raise(L, `attempt to ${action} a userdata value`),
    ] as const
  );
  return {
    ...Object.fromEntries(binary),
    __eq: (L) => {
      if (handle(context, L, "__eq") === 0) c.lua_pushboolean(L, 0);
      return 1;
    },
    __call: (L) =>
      handle(context, L, "__call") ||
      stack.raise(L, "attempt to call a userdata value"),
    __tostring: (L) => {
      if (handle(context, L, "__tostring") !== 0) return 1;
      const address = c.lua_topointer(L, 1).toString(16).padStart(8, "0");
      stack.pushString(L, `userdata: 0x${address}`);
      return 1;
    },
    __index: (L) => {
      stack.getField(L, stack.upvalue(1), "__index");
      const type = c.lua_type(L, -1);
      if (type === TYPE.nil) {
        return stack.raise(L, "attempt to index a userdata value");
      }
      if (type === TYPE.function) return called(context, L, 1);
      c.lua_pushvalue(L, 2);
      c.lua_gettable(L, -2);
      return 1;
    },
    __newindex: (L) => {
      stack.getField(L, stack.upvalue(1), "__newindex");
      const type = c.lua_type(L, -1);
      if (type === TYPE.nil) {
        return stack.raise(L, "attempt to index a userdata value");
      }
      if (type === TYPE.function) return called(context, L, 0);
      c.lua_pushvalue(L, 2);
      c.lua_pushvalue(L, 3);
      c.lua_settable(L, -3);
      return 0;
    },
  };
}

/** Calls the script's handler, where there is one: returns the number of its results. */
function handle(context: Context, L: LuaState, event: string): number {
  const { stack } = context;
  const { c } = stack.instance;
  stack.getField(L, stack.upvalue(1), event);
  if (c.lua_type(L, -1) !== TYPE.nil) return called(context, L, 1);
  c.lua_settop(L, -2);
  return 0;
}

/** Calls the function on top with all that is below it. */
function called(context: Context, L: LuaState, results: number): number {
  const { stack, watch } = context;
  const { c } = stack.instance;
  watch.tick(1, stack, L);
  c.lua_insert(L, 1);
  c.lua_call(L, c.lua_gettop(L) - 1, results);
  return results;
}

/** `newproxy`: an object without content, with a metatable of its own where asked. */
export function newProxy(context: Context): Binding {
  const { stack } = context;
  const { c } = stack.instance;
  return (L) => {
    c.lua_settop(L, 1);
    c.lua_newuserdata(L, 0);
    const type = c.lua_type(L, 1);
    if (type === TYPE.userdata && c.lua_getmetatable(L, 1) !== 0) {
      c.lua_setmetatable(L, 2);
    } else if (type === TYPE.boolean && c.lua_toboolean(L, 1) !== 0) {
      c.lua_createtable(L, 0, 0);
      hiddenMetatable(context, L);
      c.lua_setmetatable(L, 2);
    } else if (type > TYPE.boolean) {
      stack.badArgument(L, 1, "boolean or proxy expected");
    }
    c.lua_settop(L, 2);
    return 1;
  };
}
