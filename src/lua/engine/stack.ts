/**
 * Values on the interpreter's stack: what every library function is written
 * with. A method that fails raises an error of the script: it does not return.
 *
 * @module
 */
import { type LuaState, type Pointer, TYPE, upvalue } from "./exports.ts";
import { type Binding, Ended, type Instance } from "./instance.ts";

/** The room that strings are copied through on their way in, in bytes. */
const SCRATCH = 4096;
/** Offsets in a `lua_Debug`, and its size. */
const DEBUG = {
  name: 4,
  namewhat: 8,
  what: 12,
  source: 16,
  currentline: 20,
  linedefined: 28,
  shortSource: 36,
  size: 100,
} as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What is known of a function that is running. */
export interface Frame {
  /** How it was called: a name, or nothing. */
  readonly name: string | undefined;
  /** What the name is: `global`, `local`, `field`, `method`, or nothing. */
  readonly kind: string;
  /** `Lua`, `C`, `main` or `tail`. */
  readonly what: string;
  /** Where it is from, such as `<string>`. */
  readonly source: string;
  /** The line that runs; -1 in C. */
  readonly line: number;
  /** The line on which it was defined. */
  readonly defined: number;
}

/** The stack, typed. */
export class Stack {
  /** The interpreter. */
  readonly instance: Instance;
  readonly #scratch: Pointer;
  readonly #debug: Pointer;
  readonly #size: Pointer;
  readonly #names = new Map<string, Pointer>();

  /** Works on the stacks of an interpreter. */
  constructor(instance: Instance) {
    this.instance = instance;
    this.#scratch = instance.c.malloc(SCRATCH);
    this.#debug = instance.c.malloc(DEBUG.size);
    this.#size = instance.c.malloc(4);
  }

  /** The address of a text that lives as long as the interpreter. */
  name(text: string): Pointer {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const bytes = encoder.encode(`${text}\0`);
    const at = this.instance.c.malloc(bytes.length);
    this.instance.bytes.set(bytes, at);
    this.#names.set(text, at);
    return at;
  }

  /** Pushes a string: its UTF-8 bytes, or bytes as they are. */
  pushString(L: LuaState, text: string | Uint8Array): void {
    const { c } = this.instance;
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    const { length } = bytes;
    if (length <= SCRATCH) {
      this.instance.bytes.set(bytes, this.#scratch);
      c.lua_pushlstring(L, this.#scratch, length);
      return;
    }
    // A userdata holds the bytes, so that no error can leak them.
    const at = this.allocate(L, length);
    this.instance.bytes.set(bytes, at);
    c.lua_pushlstring(L, at, length);
    c.lua_remove(L, -2);
  }

  /** Pushes a block of memory that the script cannot see, and gives its address. */
  allocate(L: LuaState, size: number): Pointer {
    return this.instance.c.lua_newuserdata(L, size);
  }

  /** Pushes a function that calls `binding`; takes `upvalues` values from the stack, which are its upvalues from 2 on. */
  pushFunction(L: LuaState, binding: Binding, upvalues = 0): void {
    const { c } = this.instance;
    c.lua_pushnumber(L, this.instance.bind(binding));
    if (upvalues > 0) c.lua_insert(L, -1 - upvalues);
    c.lua_pushcclosure(L, this.instance.dispatcher, 1 + upvalues);
  }

  /** Sets a field of the table at `index` to the value on top, without metamethods, and pops it. */
  setField(L: LuaState, index: number, key: string): void {
    const { c } = this.instance;
    const table = index < 0 && index > -10000
      ? c.lua_gettop(L) + index + 1
      : index;
    this.pushString(L, key);
    c.lua_insert(L, -2);
    c.lua_rawset(L, table);
  }

  /** Pushes a field of the table at `index`, without metamethods. */
  getField(L: LuaState, index: number, key: string): void {
    const { c } = this.instance;
    const table = index < 0 && index > -10000
      ? c.lua_gettop(L) + index + 1
      : index;
    this.pushString(L, key);
    c.lua_rawget(L, table);
  }

  /** Where the bytes of the string or number at `index` are: address and length. Turns a number into a string in place. */
  span(L: LuaState, index: number): { at: Pointer; length: number } {
    const at = this.instance.c.lua_tolstring(L, index, this.#size);
    return { at, length: this.instance.view.getUint32(this.#size, true) };
  }

  /** A copy of the bytes of the string or number at `index`. */
  bytes(L: LuaState, index: number): Uint8Array<ArrayBuffer> {
    const { at, length } = this.span(L, index);
    return this.instance.bytes.slice(at, at + length);
  }

  /** The text of the string or number at `index`. */
  text(L: LuaState, index: number): string {
    const { at, length } = this.span(L, index);
    return decoder.decode(this.instance.bytes.subarray(at, at + length));
  }

  /** The name of the type of the value at `index`, as messages give it. */
  typeName(L: LuaState, index: number): string {
    const type = this.instance.c.lua_type(L, index);
    if (type === TYPE.none) return "no value";
    if (type === TYPE.lightuserdata) return "userdata";
    const [name] = Object.entries(TYPE).find(([, id]) => id === type) ?? [""];
    return name;
  }

  /** Pushes the text of the value at `index`, as `tostring` makes it. */
  pushText(L: LuaState, index: number): void {
    const { c } = this.instance;
    if (c.luaL_callmeta(L, index, this.name("__tostring")) !== 0) return;
    switch (c.lua_type(L, index)) {
      case TYPE.number:
        c.lua_pushvalue(L, index);
        this.span(L, -1);
        return;
      case TYPE.string:
        return c.lua_pushvalue(L, index);
      case TYPE.boolean:
        return this.pushString(L, c.lua_toboolean(L, index) ? "true" : "false");
      case TYPE.nil:
        return this.pushString(L, "nil");
    }
    const address = c.lua_topointer(L, index).toString(16).padStart(8, "0");
    this.pushString(L, `${this.typeName(L, index)}: 0x${address}`);
  }

  /** What runs at a level of the call stack: 0 is the running function. */
  frame(L: LuaState, level: number): Frame | undefined {
    const { c, view } = this.instance;
    if (c.lua_getstack(L, level, this.#debug) === 0) return undefined;
    c.lua_getinfo(L, this.name("nSl"), this.#debug);
    const pointer = (offset: number) =>
      view.getUint32(this.#debug + offset, true);
    const name = pointer(DEBUG.name);
    return {
      name: name === 0 ? undefined : this.#cString(name),
      kind: this.#cString(pointer(DEBUG.namewhat)),
      what: this.#cString(pointer(DEBUG.what)),
      source: this.#cString(this.#debug + DEBUG.shortSource),
      line: view.getInt32(this.#debug + DEBUG.currentline, true),
      defined: view.getInt32(this.#debug + DEBUG.linedefined, true),
    };
  }

  /** The position of the innermost line that runs, such as `<string>:3: `. */
  where(L: LuaState): string {
    for (let level = 0;; level++) {
      const frame = this.frame(L, level);
      if (frame === undefined) return "";
      if (frame.line > 0 && frame.source !== "prelude") {
        return `${frame.source}:${frame.line}: `;
      }
    }
  }

  /** Raises an error of the script, with the position of the call. */
  raise(L: LuaState, message: string): never {
    const { source = "", line = -1 } = this.frame(L, 1) ?? {};
    this.raiseAt(L, line > 0 ? `${source}:${line}: ` : "", message);
  }

  /** Raises an error of the script. */
  raiseAt(L: LuaState, position: string, message: string): never {
    this.pushString(L, position + message);
    this.instance.c.lua_error(L);
    throw new Ended("lua_error returned");
  }

  /** Raises `bad argument #n to 'name' (message)`. */
  badArgument(L: LuaState, n: number, message: string): never {
    const { name = "?", kind } = this.frame(L, 0) ?? {};
    // The object before the colon is not counted.
    const shown = kind === "method" ? n - 1 : n;
    if (shown === 0) this.raise(L, `calling '${name}' on bad self`);
    this.raise(L, `bad argument #${shown} to '${name}' (${message})`);
  }

  /** Demands a string or a number as argument `n`, and gives its bytes' place. */
  checkString(L: LuaState, n: number): { at: Pointer; length: number } {
    const type = this.instance.c.lua_type(L, n);
    if (type !== TYPE.string && type !== TYPE.number) {
      this.badArgument(L, n, `string expected, got ${this.typeName(L, n)}`);
    }
    return this.span(L, n);
  }

  /** Demands a number, or a string that is one, as argument `n`. */
  checkNumber(L: LuaState, n: number): number {
    const { c } = this.instance;
    if (c.lua_isnumber(L, n) === 0) {
      this.badArgument(L, n, `number expected, got ${this.typeName(L, n)}`);
    }
    return c.lua_tonumber(L, n);
  }

  /** Argument `n` as a whole number, or `otherwise` where it is absent or nil. */
  integer(L: LuaState, n: number, otherwise: number): number {
    if (this.instance.c.lua_type(L, n) <= TYPE.nil) return otherwise;
    return Math.trunc(this.checkNumber(L, n));
  }

  /** Demands a table as argument `n`. */
  checkTable(L: LuaState, n: number): void {
    if (this.instance.c.lua_type(L, n) !== TYPE.table) {
      this.badArgument(L, n, `table expected, got ${this.typeName(L, n)}`);
    }
  }

  /** The pseudo-index of upvalue `n` of a function made with {@linkcode pushFunction}; its first is 1. */
  upvalue(n: number): number {
    return upvalue(n + 1);
  }

  #cString(at: Pointer): string {
    const { bytes } = this.instance;
    return decoder.decode(bytes.subarray(at, bytes.indexOf(0, at)));
  }
}
