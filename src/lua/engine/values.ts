/**
 * Values of the interpreter's stack to bytes and back.
 *
 * @module
 */
import { ANSWER, MAX_NESTING, Reader, TAG, Writer } from "../codec.ts";
import { type LuaState, REGISTRY, TYPE } from "./exports.ts";
import type { Stack } from "./stack.ts";

/** The most bytes that a call can hand over. */
const MAX_CALL = 64 << 20;

/** The classes of host objects: their metatables, which no script can reach. */
export class Handles {
  readonly #stack: Stack;
  /** Where the registry holds each class's metatable. */
  readonly #metatables: readonly number[];

  /** Takes the references to the metatables, by the numbers of the classes. */
  constructor(stack: Stack, metatables: readonly number[]) {
    this.#stack = stack;
    this.#metatables = metatables;
  }

  /** Pushes a new host object; its fields are on top of the stack and are taken. */
  push(L: LuaState, kind: number, id: number): void {
    const { c } = this.#stack.instance;
    const at = c.lua_newuserdata(L, 8);
    const { view } = this.#stack.instance;
    view.setUint32(at, kind, true);
    view.setUint32(at + 4, id, true);
    c.lua_rawgeti(L, REGISTRY, this.#metatables[kind] ?? 0);
    c.lua_setmetatable(L, -2);
    c.lua_insert(L, -2);
    if (c.lua_type(L, -1) !== TYPE.table) {
      c.lua_settop(L, -2);
      c.lua_createtable(L, 0, 0);
    }
    c.lua_setfenv(L, -2);
  }

  /** What the value at `index` stands for, where it is a host object. */
  read(
    L: LuaState,
    index: number,
  ): { readonly kind: number; readonly id: number } | undefined {
    const { c } = this.#stack.instance;
    if (c.lua_type(L, index) !== TYPE.userdata) return undefined;
    if (c.lua_objlen(L, index) !== 8) return undefined;
    const at = c.lua_touserdata(L, index);
    const { view } = this.#stack.instance;
    const kind = view.getUint32(at, true);
    const reference = this.#metatables[kind];
    if (reference === undefined || c.lua_getmetatable(L, index) === 0) {
      return undefined;
    }
    c.lua_rawgeti(L, REGISTRY, reference);
    const same = c.lua_rawequal(L, -1, -2) !== 0;
    c.lua_settop(L, -3);
    return same ? { kind, id: view.getUint32(at + 4, true) } : undefined;
  }
}

/** How a call's arguments are handed over. */
export interface EncodeOptions {
  /** The first argument to hand over. @default {1} */
  readonly first?: number;
  /** Also hands over the fields of host objects, as the script may have changed them. @default {false} */
  readonly fields?: boolean;
}

/** Writes the values on the stack. */
export function encodeArguments(
  stack: Stack,
  L: LuaState,
  handles: Handles,
  options: EncodeOptions = {},
): Uint8Array<ArrayBuffer> {
  const { first = 1, fields = false } = options;
  const encoder = new Encoder(stack, L, handles, fields);
  const top = stack.instance.c.lua_gettop(L);
  encoder.writer.count(top - first + 1);
  for (let i = first; i <= top; i++) encoder.encode(i, 0);
  return encoder.writer.bytes;
}

class Encoder {
  readonly writer = new Writer(MAX_CALL);
  readonly #stack: Stack;
  readonly #L: LuaState;
  readonly #handles: Handles;
  readonly #fields: boolean;

  constructor(stack: Stack, L: LuaState, handles: Handles, fields: boolean) {
    this.#stack = stack;
    this.#L = L;
    this.#handles = handles;
    this.#fields = fields;
  }

  encode(index: number, depth: number): void {
    const { instance } = this.#stack;
    const { c } = instance;
    const [L, writer] = [this.#L, this.writer];
    switch (c.lua_type(L, index)) {
      case TYPE.nil:
        return writer.byte(TAG.nil);
      case TYPE.boolean:
        return writer.byte(c.lua_toboolean(L, index) ? TAG.yes : TAG.no);
      case TYPE.number:
        writer.byte(TAG.number);
        return writer.number(c.lua_tonumber(L, index));
      case TYPE.string: {
        const { at, length } = this.#stack.span(L, index);
        writer.byte(TAG.string);
        return writer.string(instance.bytes.subarray(at, at + length));
      }
      case TYPE.table:
        return this.#table(index, depth + 1);
      case TYPE.userdata:
        if (this.#handle(index, depth)) return;
    }
    writer.byte(TAG.other);
    writer.string(this.#stack.typeName(L, index));
  }

  #handle(index: number, depth: number): boolean {
    const { c } = this.#stack.instance;
    const handle = this.#handles.read(this.#L, index);
    if (handle === undefined) return false;
    this.writer.byte(TAG.handle);
    this.writer.byte(handle.kind);
    this.writer.count(handle.id);
    if (this.#fields && depth === 0) {
      c.lua_getfenv(this.#L, index);
      this.encode(c.lua_gettop(this.#L), depth + 1);
      c.lua_settop(this.#L, -2);
    } else this.writer.byte(TAG.nil);
    return true;
  }

  #table(index: number, depth: number): void {
    const { c } = this.#stack.instance;
    const [L, writer] = [this.#L, this.writer];
    if (depth > MAX_NESTING) this.#stack.raise(L, "table nests too deep");
    if (c.lua_checkstack(L, 8) === 0) this.#stack.raise(L, "stack overflow");
    const length = c.lua_objlen(L, index);
    writer.byte(TAG.table);
    writer.count(length);
    for (let i = 1; i <= length; i++) {
      c.lua_rawgeti(L, index, i);
      this.encode(c.lua_gettop(L), depth);
      c.lua_settop(L, -2);
    }
    const at = writer.length;
    writer.count(0);
    let count = 0;
    c.lua_pushnil(L);
    while (c.lua_next(L, index) !== 0) {
      const value = c.lua_gettop(L);
      if (!this.#inList(value - 1, length)) {
        count++;
        this.encode(value - 1, depth);
        this.encode(value, depth);
      }
      c.lua_settop(L, -2);
    }
    writer.patch(at, count);
  }

  #inList(key: number, length: number): boolean {
    const { c } = this.#stack.instance;
    if (c.lua_type(this.#L, key) !== TYPE.number) return false;
    const n = c.lua_tonumber(this.#L, key);
    return Number.isInteger(n) && n >= 1 && n <= length;
  }
}

/** Pushes what a host call gave, or raises its error; returns the number of results. */
export function pushAnswer(
  stack: Stack,
  L: LuaState,
  handles: Handles,
  answer: Uint8Array,
): number {
  const reader = new Reader(answer);
  const kind = reader.byte();
  // Also through pcall: upstream's errors name the line that called it.
  if (kind === ANSWER.error) stack.raiseAt(L, stack.where(L), reader.text());
  if (kind === ANSWER.argument) {
    const name = stack.frame(L, 0)?.name ?? "(anonymous)";
    const [n, message] = [reader.count(), reader.text()];
    stack.raiseAt(
      L,
      stack.where(L),
      `bad argument #${n} to ${name} (${message})`,
    );
  }
  const results = reader.count();
  for (let i = 0; i < results; i++) pushValue(stack, L, handles, reader);
  return results;
}

/** Pushes the next value. */
export function pushValue(
  stack: Stack,
  L: LuaState,
  handles: Handles,
  reader: Reader,
): void {
  const { c } = stack.instance;
  if (c.lua_checkstack(L, 8) === 0) stack.raise(L, "stack overflow");
  switch (reader.byte()) {
    case TAG.no:
      return c.lua_pushboolean(L, 0);
    case TAG.yes:
      return c.lua_pushboolean(L, 1);
    case TAG.number:
      return c.lua_pushnumber(L, reader.number());
    case TAG.string:
      return stack.pushString(L, reader.string());
    case TAG.table:
      return pushTable(stack, L, handles, reader);
    case TAG.struct:
      return pushStruct(stack, L, handles, reader);
    case TAG.handle: {
      const [kind, id] = [reader.byte(), reader.count()];
      pushValue(stack, L, handles, reader);
      return handles.push(L, kind, id);
    }
  }
  c.lua_pushnil(L);
}

function pushTable(
  stack: Stack,
  L: LuaState,
  handles: Handles,
  reader: Reader,
): void {
  const { c } = stack.instance;
  const length = reader.count();
  c.lua_createtable(L, length, 0);
  for (let i = 1; i <= length; i++) {
    pushValue(stack, L, handles, reader);
    c.lua_rawseti(L, -2, i);
  }
  for (let left = reader.count(); left > 0; left--) {
    pushValue(stack, L, handles, reader);
    pushValue(stack, L, handles, reader);
    c.lua_rawset(L, -3);
  }
}

function pushStruct(
  stack: Stack,
  L: LuaState,
  handles: Handles,
  reader: Reader,
): void {
  const { c } = stack.instance;
  const length = reader.count();
  c.lua_createtable(L, 0, length);
  for (let left = length; left > 0; left--) {
    const names = Array.from({ length: reader.byte() }, () => reader.text());
    pushValue(stack, L, handles, reader);
    for (const name of names) {
      c.lua_pushvalue(L, -1);
      stack.setField(L, -3, name);
    }
    c.lua_settop(L, -2);
  }
}
