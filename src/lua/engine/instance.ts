/**
 * One interpreter with a memory of its own. What a script can reach is the list
 * of imports below and the functions bound with {@linkcode Instance.bind};
 * no JavaScript object ever enters it.
 *
 * @module
 */
import type { LuaExports, LuaState, Pointer } from "./exports.ts";
import { formatNumber } from "./number.ts";
import { NUMBER_TEXT } from "./patch.ts";

/** A function that scripts can call: takes its arguments from the stack and returns the number of results it pushed. */
export type Binding = (L: LuaState) => number;

/** What an instance is made with. */
export interface InstanceOptions {
  /** The largest memory, in bytes; more is the script's error "not enough memory". */
  readonly memory: number;
  /** Called as instructions were counted; throws to end the script. */
  readonly hook: (L: LuaState) => void;
}

/** Ends a script: no number, so that no `pcall` can catch it. */
export class Ended extends Error {}

const PAGE = 65536;
/** The memory grows by this much at least, in bytes. */
const STEP = 1 << 20;

/**
 * Turns two JavaScript functions into WebAssembly functions of the types
 * `lua_CFunction` and `lua_Hook`, which the table takes:
 * `(module (import "e" "c" (func (param i32) (result i32))) (import "e" "h" (func (param i32 i32))) (export "c" (func 0)) (export "h" (func 1)))`.
 */
// deno-fmt-ignore
const ADAPTER = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 11, 2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 0,
  2, 13, 2, 1, 0x65, 1, 0x63, 0, 0, 1, 0x65, 1, 0x68, 0, 1,
  7, 9, 2, 1, 0x63, 0, 0, 1, 0x68, 0, 1,
]);

let adapter: WebAssembly.Module | undefined;

/** Compiled once a thread: it is the same for all interpreters. */
function adapterModule(): WebAssembly.Module {
  return adapter ??= new WebAssembly.Module(ADAPTER);
}

/** A running interpreter. */
export class Instance {
  /** The C API. */
  readonly c: LuaExports;
  /** The address of the function that calls the bindings; its first upvalue is the binding's number. */
  readonly dispatcher: Pointer;
  /** The address of the hook. */
  readonly hook: Pointer;
  readonly #bindings: Binding[] = [];
  readonly #limit: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;

  /** Starts an interpreter from the module that `luaModule()` compiled. */
  constructor(module: WebAssembly.Module, options: InstanceOptions) {
    this.#limit = options.memory;
    const { exports } = new WebAssembly.Instance(module, this.#imports());
    if (!isLua(exports)) throw new Ended("module is no Lua");
    this.c = exports;
    this.#bytes = new Uint8Array(this.#buffer());
    this.#view = new DataView(this.#buffer());
    this.c.__wasm_call_ctors();
    const adapter = new WebAssembly.Instance(adapterModule(), {
      e: { c: (L: LuaState) => this.#dispatch(L), h: options.hook },
    });
    const table = this.c.__indirect_function_table;
    this.dispatcher = table.grow(2);
    this.hook = this.dispatcher + 1;
    table.set(this.dispatcher, functionOf(adapter.exports.c));
    table.set(this.hook, functionOf(adapter.exports.h));
  }

  /** Numbers a function, for the dispatcher's upvalue. */
  bind(binding: Binding): number {
    return this.#bindings.push(binding) - 1;
  }

  /** The memory as it is now; growing it detaches what was returned before. */
  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.#bytes.byteLength === 0) {
      this.#bytes = new Uint8Array(this.#buffer());
    }
    return this.#bytes;
  }

  /** The memory as it is now, for numbers. */
  get view(): DataView<ArrayBuffer> {
    if (this.#view.buffer.byteLength === 0) {
      this.#view = new DataView(this.#buffer());
    }
    return this.#view;
  }

  #buffer(): ArrayBuffer {
    const { buffer } = this.c.memory;
    if (!(buffer instanceof ArrayBuffer)) throw new Ended("memory is shared");
    return buffer;
  }

  #dispatch(L: LuaState): number {
    // GLOBALS - 1: the first upvalue.
    const binding = this.#bindings[this.c.lua_tonumber(L, -10003)];
    if (binding === undefined) throw new Ended("no such function");
    return binding(L);
  }

  #imports(): WebAssembly.Imports {
    const none = () => 0;
    return {
      env: {
        exit: () => {
          throw new Ended("interpreter panicked");
        },
        invoke_vii: (fn: Pointer, a: number, b: number) =>
          this.#invoke(fn, a, b),
        _emscripten_throw_longjmp: () => {
          // A number marks Lua's own errors, which #invoke() catches.
          throw Infinity;
        },
        [NUMBER_TEXT]: (at: Pointer, _format: Pointer, args: Pointer) =>
          this.#numberText(at, args),
        emscripten_memcpy_js: (to: Pointer, from: Pointer, size: number) => {
          this.bytes.copyWithin(to, from, from + size);
        },
        emscripten_resize_heap: (size: number) => this.#grow(size >>> 0),
        emscripten_date_now: Date.now,
        // Nothing below is reached: `io`, `os` and `package` are not opened.
        _emscripten_get_now_is_monotonic: none,
        strftime: none,
        __syscall_openat: none,
        __syscall_fcntl64: none,
        __syscall_ioctl: none,
        __syscall_dup3: none,
        __syscall_unlinkat: none,
        __syscall_rmdir: none,
        __syscall_renameat: none,
        __syscall_readlinkat: none,
        _emscripten_system: none,
        _tzset_js: none,
        _mktime_js: none,
        _gmtime_js: none,
      },
      wasi_snapshot_preview1: {
        fd_write: none,
        fd_read: none,
        fd_close: none,
        fd_seek: none,
        environ_sizes_get: none,
        environ_get: none,
      },
    };
  }

  /** Lua's protected calls: setjmp, the call, and what a longjmp comes back to. */
  #invoke(fn: Pointer, a: number, b: number): void {
    const stack = this.c.stackSave();
    try {
      functionOf(this.c.__indirect_function_table.get(fn))(a, b);
    } catch (thrown) {
      this.c.stackRestore(stack);
      if (typeof thrown !== "number") throw thrown;
      this.c.setThrew(1, 0);
    }
  }

  #numberText(at: Pointer, args: Pointer): void {
    const n = this.view.getFloat64(args, true);
    // Only the bits still have the sign of a NaN, which C prints.
    const minus = Number.isNaN(n) && this.view.getInt8(args + 7) < 0;
    const text = (minus ? "-" : "") + formatNumber(n);
    for (let i = 0; i < text.length; i++) {
      this.bytes[at + i] = text.charCodeAt(i);
    }
    this.bytes[at + text.length] = 0;
  }

  #grow(size: number): number {
    const { memory } = this.c;
    const has = memory.buffer.byteLength;
    if (size > this.#limit) return 0;
    const wanted = Math.min(Math.max(size, has + STEP), this.#limit);
    try {
      memory.grow(Math.ceil((wanted - has) / PAGE));
      return 1;
    } catch {
      return 0;
    }
  }
}

function isLua(
  exports: WebAssembly.Exports,
): exports is WebAssembly.Exports & LuaExports {
  return "luaL_newstate" in exports;
}

function functionOf(value: unknown): (...args: number[]) => unknown {
  if (!isFunction(value)) throw new Ended("no such function");
  return value;
}

function isFunction(value: unknown): value is (...args: number[]) => unknown {
  return typeof value === "function";
}
