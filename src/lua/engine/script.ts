/**
 * One script in an interpreter of its own. Everything here runs on one thread:
 * the Worker's, or a test's.
 *
 * @module
 */
import { messageOf } from "../../base/errors.ts";
import { Reader } from "../codec.ts";
import {
  baseLibrary,
  newCoroutine,
  tableInsert,
  tableSort,
  WITHHELD,
} from "./base.ts";
import { forward, loadChunk } from "./chunk.ts";
import { type Context, type Library, register } from "./context.ts";
import { GLOBALS, type LuaState, REGISTRY, TYPE } from "./exports.ts";
import { stringFormat } from "./format.ts";
import { Ended, Instance } from "./instance.ts";
import { type Limits, Watch } from "./limits.ts";
import { PRELUDE } from "./prelude.ts";
import { hiddenMetatable, newProxy } from "./objects.ts";
import { Stack } from "./stack.ts";
import { stringLibrary } from "./strings.ts";
import { timeLibrary } from "./time.ts";
import { traceback } from "./traceback.ts";
import { encodeArguments, Handles, pushAnswer, pushValue } from "./values.ts";

/** A function of the host, as a script sees it. */
export interface HostFunction {
  /** Where it is among the globals, such as `tag.ls` or `reference.__index.tag`. */
  readonly path: string;
  /** Whether it gets the fields of objects, as the script may have changed them. */
  readonly fields?: boolean;
}

/** What the host offers to scripts. */
export interface Interface {
  /** The classes of objects: the names of their global tables. */
  readonly classes: readonly string[];
  /** The functions, by their numbers. */
  readonly functions: readonly HostFunction[];
}

/** What a script asks of its host while it runs. Each call may block. */
export interface Host {
  /** Calls function `n`; the answer is as `encodeAnswer()` writes it. */
  call(n: number, args: Uint8Array<ArrayBuffer>): Uint8Array;
  /** Prints. */
  write(bytes: Uint8Array<ArrayBuffer>): void;
  /** Called some times a second. */
  idle(): void;
  /** Why the script has to end, or nothing. Asked without pause. */
  stopped(): string | undefined;
  /** Told the objects that the script let go of. */
  release(id: number): void;
}

/** How a script ended. */
export type Outcome =
  /** By itself. */
  | { readonly type: "done" }
  /** With an error. */
  | {
    readonly type: "failed";
    /** The error's text, with its position. */
    readonly message: string;
    /** What was running. */
    readonly traceback: string;
    /** The type of the value that was raised. */
    readonly valueType: string;
  }
  /** It does not parse. */
  | { readonly type: "syntax"; readonly message: string }
  /** It was ended. */
  | { readonly type: "ended"; readonly message: string }
  /** It called `os.exit`. */
  | { readonly type: "exited"; readonly status: number };

/** Options of {@linkcode Script}. */
export interface ScriptOptions {
  /** The bounds. */
  readonly limits: Limits;
  /** Who answers. */
  readonly host: Host;
  /** What the host offers. */
  readonly interface: Interface;
}

/** Ends a script that called `os.exit`. */
class Exit extends Ended {
  readonly status: number;
  constructor(status: number) {
    super("script ended itself");
    this.status = status;
  }
}

/** An error that reached the top. */
interface Failure {
  readonly message: string;
  readonly traceback: string;
  readonly valueType: string;
}

/** The path of the host's function that finds modules, for `require`. */
export const FIND = "find module";
const GC_SETPAUSE = 6;
/** A collection starts when the memory in use grew by half: limits are near. */
const PAUSE = 150;
const ERROR_MEMORY = 4;

/** An interpreter that is ready for one script. */
export class Script {
  readonly #context: Context;
  readonly #host: Host;
  readonly #L: LuaState;
  readonly #handles: Handles;
  #failure: Failure | undefined;
  #printed = 0;

  /** Starts an interpreter and opens what a script may use. */
  constructor(module: WebAssembly.Module, options: ScriptOptions) {
    const { limits, host } = options;
    this.#host = host;
    const watch = new Watch(limits, () => host.stopped(), () => host.idle());
    const instance = new Instance(module, {
      memory: limits.memory,
      hook: (L) => watch.hook(stack, L),
    });
    const stack = new Stack(instance);
    this.#context = { stack, watch, limits };
    this.#L = instance.c.luaL_newstate();
    instance.c.lua_gc(this.#L, GC_SETPAUSE, PAUSE);
    this.#openLibraries();
    this.#handles = this.#openClasses(options.interface.classes);
    this.#openFunctions(options.interface.functions);
    this.#runPrelude();
  }

  /**
   * Sets a global before the script runs.
   *
   * @param value As `Writer.value()` writes it.
   */
  setGlobal(name: string, value: Uint8Array): void {
    const { stack } = this.#context;
    pushValue(stack, this.#L, this.#handles, new Reader(value));
    stack.setField(this.#L, GLOBALS, name);
  }

  /** Tells whether a text parses: the message if not. */
  check(source: Uint8Array, chunk: string): string | undefined {
    const { stack } = this.#context;
    const { c } = stack.instance;
    const parses = loadChunk(this.#context, this.#L, source, `=${chunk}`);
    const message = parses ? undefined : stack.text(this.#L, -1);
    c.lua_settop(this.#L, 0);
    return message;
  }

  /** Runs a script to its end. Called once. */
  run(source: Uint8Array, chunk: string): Outcome {
    try {
      return this.#run(source, chunk);
    } catch (error) {
      if (error instanceof Exit) {
        return { type: "exited", status: error.status };
      }
      if (error instanceof Ended) {
        return { type: "ended", message: error.message };
      }
      if (error instanceof RangeError) {
        return { type: "ended", message: "stack overflow" };
      }
      return {
        type: "ended",
        message: `interpreter failed: ${messageOf(error)}`,
      };
    }
  }

  #run(source: Uint8Array, chunk: string): Outcome {
    const { stack, watch } = this.#context;
    const { c } = stack.instance;
    const L = this.#L;
    stack.pushFunction(L, (L) => this.#fail(L));
    if (!loadChunk(this.#context, L, source, `=${chunk}`)) {
      return { type: "syntax", message: stack.text(L, -1) };
    }
    watch.start(stack, L);
    const status = c.lua_pcall(L, 0, 0, 1);
    if (status === 0) return { type: "done" };
    if (status === ERROR_MEMORY || this.#failure === undefined) {
      return {
        type: "failed",
        message: stack.text(L, -1),
        traceback: "",
        valueType: "string",
      };
    }
    return { type: "failed", ...this.#failure };
  }

  /** The handler of errors that nothing caught: notes what happened. */
  #fail(L: LuaState): number {
    const { stack } = this.#context;
    stack.pushText(L, 1);
    this.#failure = {
      message: stack.text(L, -1),
      // The call that started the chunk, as upstream shows it.
      traceback: `${traceback(stack, L, 1)}\n\t[G]: ?`,
      valueType: stack.typeName(L, 1),
    };
    return 1;
  }

  #openLibraries(): void {
    const { stack } = this.#context;
    const { c } = stack.instance;
    const L = this.#L;
    c.luaopen_base(L);
    c.luaopen_table(L);
    c.luaopen_string(L);
    c.luaopen_math(L);
    c.lua_settop(L, 0);
    for (const name of WITHHELD) {
      c.lua_pushnil(L);
      stack.setField(L, GLOBALS, name);
    }
    const print = (bytes: Uint8Array<ArrayBuffer>) => this.#print(bytes);
    this.#extend("_G", {
      ...baseLibrary(this.#context, print),
      newproxy: newProxy(this.#context),
    });
    this.#extend("string", stringLibrary(this.#context));
    this.#withdraw("string", "dump");
    this.#replace("string", "format", stringFormat(this.#context));
    this.#extend("table", { insert: tableInsert(this.#context) });
    for (const name of ["create", "wrap"]) {
      this.#replace("coroutine", name, newCoroutine(this.#context));
    }
    this.#create("os", {
      ...timeLibrary(this.#context),
      getenv: (L) => {
        stack.checkString(L, 1);
        c.lua_pushnil(L);
        return 1;
      },
      exit: (L) => {
        const status = c.lua_type(L, 1) === TYPE.boolean
          ? c.lua_toboolean(L, 1) === 1 ? 0 : 1
          : stack.integer(L, 1, 0);
        throw new Exit(status);
      },
    });
    this.#create("debug", { traceback: (L) => this.#traceback(L) });
    this.#create("io", {
      write: (L) => {
        const count = c.lua_gettop(L);
        for (let i = 1; i <= count; i++) stack.checkString(L, i);
        for (let i = 1; i <= count; i++) this.#print(stack.bytes(L, i));
        c.lua_pushboolean(L, 1);
        return 1;
      },
    });
    // Seeded as upstream's interpreter is: differently each time.
    stack.getField(L, GLOBALS, "math");
    stack.getField(L, -1, "randomseed");
    c.lua_pushnumber(L, crypto.getRandomValues(new Uint16Array(1))[0] ?? 0);
    c.lua_call(L, 1, 0);
    c.lua_settop(L, 0);
  }

  /** Makes a global table of functions. */
  #create(name: string, library: Library): void {
    const { stack } = this.#context;
    stack.instance.c.lua_createtable(this.#L, 0, 16);
    register(this.#context, this.#L, library);
    stack.setField(this.#L, GLOBALS, name);
  }

  /** Sets functions in a global table that is there. */
  #extend(name: string, library: Library): void {
    this.#context.stack.getField(this.#L, GLOBALS, name);
    register(this.#context, this.#L, library);
    this.#context.stack.instance.c.lua_settop(this.#L, 0);
  }

  #withdraw(table: string, name: string): void {
    const { stack } = this.#context;
    stack.getField(this.#L, GLOBALS, table);
    stack.instance.c.lua_pushnil(this.#L);
    stack.setField(this.#L, -2, name);
    stack.instance.c.lua_settop(this.#L, 0);
  }

  /** Replaces a function; the one that was there becomes its upvalue 1. */
  #replace(
    table: string,
    name: string,
    binding: (L: LuaState) => number,
  ): void {
    const { stack, watch } = this.#context;
    const { c } = stack.instance;
    stack.getField(this.#L, GLOBALS, table);
    stack.getField(this.#L, -1, name);
    stack.pushFunction(this.#L, (L) => {
      watch.tick(1, stack, L);
      return binding(L);
    }, 1);
    stack.setField(this.#L, -2, name);
    c.lua_settop(this.#L, 0);
  }

  /** Makes the metatables of host objects. */
  #openClasses(classes: readonly string[]): Handles {
    const { stack } = this.#context;
    const { c } = stack.instance;
    const L = this.#L;
    const metatables = classes.map((name) => {
      this.#ensureTable(GLOBALS, name);
      c.lua_createtable(L, 0, 8);
      stack.setField(L, -2, "__index");
      hiddenMetatable(this.#context, L, {
        __index: (L) => this.#field(L),
        __newindex: (L) => this.#refuseField(L),
        __gc: (L) => {
          const handle = this.#handles.read(L, 1);
          if (handle !== undefined) this.#host.release(handle.id);
          return 0;
        },
      });
      const reference = c.luaL_ref(L, REGISTRY);
      c.lua_settop(L, 0);
      return reference;
    });
    return new Handles(stack, metatables);
  }

  /** Reads a field of an object: its own, else what its class has. */
  #field(L: LuaState): number {
    const { stack } = this.#context;
    const { c } = stack.instance;
    c.lua_getfenv(L, 1);
    c.lua_pushvalue(L, 2);
    c.lua_rawget(L, -2);
    const type = c.lua_type(L, -1);
    if (type !== TYPE.nil && type !== TYPE.table) return 1;
    stack.getField(L, stack.upvalue(1), "__index");
    if (c.lua_type(L, -1) === TYPE.table) {
      c.lua_pushvalue(L, 2);
      c.lua_gettable(L, -2);
    }
    if (type === TYPE.nil) return 1;
    // userdata, key, fields, field, methods, method
    if (c.lua_type(L, -1) === TYPE.function) this.#makeCallable(L, 4);
    c.lua_pushvalue(L, 4);
    return 1;
  }

  /** Lets a field that hides a method be called as it: `m.config.digest` and `m:config()`. */
  #makeCallable(L: LuaState, field: number): void {
    const { stack } = this.#context;
    const { c } = stack.instance;
    if (c.lua_getmetatable(L, field) !== 0) return c.lua_settop(L, -2);
    c.lua_createtable(L, 0, 1);
    c.lua_pushvalue(L, -2);
    stack.pushFunction(L, (L) => {
      // The first argument is the field itself.
      c.lua_remove(L, 1);
      return forward(this.#context, L);
    }, 1);
    stack.setField(L, -2, "__call");
    c.lua_setmetatable(L, field);
  }

  #refuseField(L: LuaState): number {
    const { stack } = this.#context;
    stack.pushText(L, 2);
    return stack.raise(
      L,
      `attempt to index a non-table object(userdata) with key '${
        stack.text(L, -1)
      }'`,
    );
  }

  /** Pushes the table `name` of the table at `index`, which is made where it is missing. */
  #ensureTable(index: number, name: string): void {
    const { stack } = this.#context;
    const { c } = stack.instance;
    stack.getField(this.#L, index, name);
    if (c.lua_type(this.#L, -1) === TYPE.table) return;
    c.lua_settop(this.#L, -2);
    c.lua_createtable(this.#L, 0, 8);
    c.lua_pushvalue(this.#L, -1);
    stack.setField(this.#L, index === GLOBALS ? GLOBALS : index - 2, name);
  }

  /** Sets the host's functions at their places among the globals. */
  #openFunctions(functions: readonly HostFunction[]): void {
    const { stack } = this.#context;
    const { c } = stack.instance;
    const L = this.#L;
    for (const [n, { path, fields = false }] of functions.entries()) {
      const tables = path.split(".");
      const name = tables.pop() ?? "";
      let index = GLOBALS;
      for (const table of tables) {
        this.#ensureTable(index, table);
        index = -1;
      }
      stack.pushFunction(L, (L) => this.#callHost(L, n, fields));
      stack.setField(L, index === GLOBALS ? GLOBALS : -2, name);
      c.lua_settop(L, 0);
    }
  }

  #callHost(L: LuaState, n: number, fields: boolean): number {
    const { stack, watch } = this.#context;
    watch.tick(1, stack, L);
    const args = encodeArguments(stack, L, this.#handles, { fields });
    const answer = this.#host.call(n, args);
    watch.resume();
    watch.tick(1, stack, L);
    stack.instance.c.lua_settop(L, 0);
    return pushAnswer(stack, L, this.#handles, answer);
  }

  #runPrelude(): void {
    const { stack } = this.#context;
    const { c } = stack.instance;
    const L = this.#L;
    const source = new TextEncoder().encode(PRELUDE);
    if (!loadChunk(this.#context, L, source, "=prelude")) {
      throw new Ended(stack.text(L, -1));
    }
    c.lua_createtable(L, 0, 4);
    c.lua_pushvalue(L, -1);
    c.lua_insert(L, 1);
    stack.getField(L, GLOBALS, FIND);
    if (c.lua_pcall(L, 2, 0, 0) !== 0) throw new Ended(stack.text(L, -1));
    // The table of helpers is at 1.
    stack.getField(L, GLOBALS, "table");
    stack.getField(L, -1, "sort");
    stack.getField(L, 1, "sort");
    stack.pushFunction(L, tableSort(this.#context), 2);
    stack.setField(L, -2, "sort");
    c.lua_pushnil(L);
    stack.setField(L, GLOBALS, FIND);
    c.lua_settop(L, 0);
  }

  #print(bytes: Uint8Array<ArrayBuffer>): void {
    this.#printed += bytes.length;
    if (this.#printed > this.#context.limits.output) {
      throw new Ended("output limit reached");
    }
    this.#host.write(bytes);
  }

  /** `debug.traceback`. */
  #traceback(L: LuaState): number {
    const { stack } = this.#context;
    const { c } = stack.instance;
    if (c.lua_type(L, 1) === TYPE.thread) c.lua_remove(L, 1);
    const type = c.lua_type(L, 1);
    if (type > TYPE.nil && type !== TYPE.string && type !== TYPE.number) {
      c.lua_settop(L, 1);
      return 1;
    }
    const message = type > TYPE.nil ? `${stack.text(L, 1)}\n` : "";
    const level = stack.integer(L, 2, 1);
    stack.pushString(L, message + traceback(stack, L, level));
    return 1;
  }
}
