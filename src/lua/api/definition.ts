/**
 * How a function of the interface is declared: once, as data, with what it
 * does. From it come the binding, the documentation and the types for editors.
 *
 * @module
 */
import type { HostValue } from "../codec.ts";
import type { Call } from "./call.ts";

/** A parameter, for people and editors. */
export interface Parameter {
  /** Its name. */
  readonly name: string;
  /** Its type, as LuaLS writes it. */
  readonly type: string;
  /** What it is for. */
  readonly text: string;
  /** Whether it can be left out. */
  readonly optional?: boolean;
}

/** A result, for people and editors. */
export interface Result {
  /** Its type, as LuaLS writes it. */
  readonly type: string;
  /** What it is. */
  readonly text: string;
}

/** A function of the interface. */
export interface Definition {
  /** Where scripts find it: `tag.ls`, or `reference:tag` for a method. */
  readonly name: string;
  /** What it does: sentences. */
  readonly text: string;
  /** Its parameters, without the object of a method. */
  readonly parameters: readonly Parameter[];
  /** What it returns. */
  readonly results: readonly Result[];
  /** Whether it also works after the script's deadline: it waits for nobody. */
  readonly local?: boolean;
  /** Whether it needs the fields of objects, as the script may have changed them. */
  readonly fields?: boolean;
  /** Other names of it. */
  readonly aliases?: readonly string[];
  /** Left out of the documentation: Lua's own functions. */
  readonly hidden?: boolean;
  /** Does it. */
  readonly run: (
    call: Call,
  ) => readonly HostValue[] | Promise<readonly HostValue[]>;
}

/** Where a name is among the globals: methods are in the `__index` of their class. */
export function pathOf(name: string): string {
  return name.replace(":", ".__index.");
}
