/**
 * One call of a function of the interface.
 *
 * @module
 */
import { messageOf } from "../../base/errors.ts";
import { parseReference, type Reference } from "../../registry/reference.ts";
import {
  LuaHandle,
  LuaOther,
  LuaTable,
  type LuaValue,
  textOf,
} from "../codec.ts";
import { formatNumber } from "../engine/number.ts";
import { ArgumentError } from "../worker_thread.ts";
import {
  type ApiObject,
  BlobObject,
  ConfigObject,
  ManifestObject,
  type Objects,
  ReferenceObject,
} from "./objects.ts";
import type { Session } from "./session.ts";

/** What a call is made with. */
export interface CallOptions {
  /** The run of the script. */
  readonly session: Session;
  /** The objects that the script holds. */
  readonly objects: Objects;
  /** The arguments, the first at 0. */
  readonly values: readonly LuaValue[];
  /** Aborts when the script has to end. */
  readonly signal: AbortSignal;
}

/** The arguments of a call, read as what they should be; counted from 1. */
export class Call {
  /** The run of the script. */
  readonly session: Session;
  /** The objects that the script holds. */
  readonly objects: Objects;
  /** Aborts when the script has to end. */
  readonly signal: AbortSignal;
  readonly #values: readonly LuaValue[];

  /** Makes a call. */
  constructor(options: CallOptions) {
    this.session = options.session;
    this.objects = options.objects;
    this.signal = options.signal;
    this.#values = options.values;
  }

  /** How many arguments there are. */
  get count(): number {
    return this.#values.length;
  }

  /** An argument as it came. */
  value(n: number): LuaValue {
    return this.#values[n - 1];
  }

  /** The object that an argument is, where it is one. */
  object(n: number): ApiObject | undefined {
    const value = this.value(n);
    return value instanceof LuaHandle ? this.objects.get(value.id) : undefined;
  }

  /** The fields of an object, as the script may have changed them. */
  fields(n: number): LuaValue {
    const value = this.value(n);
    return value instanceof LuaHandle ? value.fields : undefined;
  }

  /** Text, or a number as text. */
  text(n: number): string {
    const value = this.value(n);
    if (value instanceof Uint8Array) return textOf(value);
    if (typeof value === "number") return formatNumber(value);
    throw this.wrong(n, "string");
  }

  /** Bytes, or a number as text. */
  bytes(n: number): Uint8Array {
    const value = this.value(n);
    return value instanceof Uint8Array
      ? value
      : new TextEncoder().encode(this.text(n));
  }

  /** A number. */
  number(n: number): number {
    const value = this.value(n);
    if (typeof value === "number") return value;
    throw this.wrong(n, "number");
  }

  /** A table, or nothing where there is no such argument. */
  table(n: number): LuaTable | undefined {
    if (this.count < n) return undefined;
    const value = this.value(n);
    if (value instanceof LuaTable) return value;
    throw this.wrong(n, "table");
  }

  /** A reference: text, a reference, or what was found by one. */
  reference(n: number): Reference {
    const value = this.value(n);
    if (value instanceof Uint8Array) {
      try {
        return parseReference(textOf(value));
      } catch (error) {
        throw new ArgumentError(
          n,
          `reference parsing failed: ${messageOf(error)}`,
        );
      }
    }
    const object = this.object(n);
    if (object instanceof ReferenceObject || object instanceof ManifestObject) {
      return object.ref;
    }
    if (object instanceof ConfigObject) return object.manifest.ref;
    if (object instanceof BlobObject) return object.ref;
    throw new ArgumentError(n, "reference expected");
  }

  /** The error for an argument of another type. */
  wrong(n: number, expected: string): ArgumentError {
    const got = typeName(this.value(n));
    return new ArgumentError(n, `${expected} expected, got ${got}`);
  }
}

function typeName(value: LuaValue): string {
  if (value === undefined) return "nil";
  if (value instanceof Uint8Array) return "string";
  if (value instanceof LuaTable) return "table";
  if (value instanceof LuaHandle) return "userdata";
  return value instanceof LuaOther ? value.type : typeof value;
}

/** A whole number among the options of a call; 0 where it is none. */
export function integerOption(
  table: LuaTable | undefined,
  key: string,
): number {
  const value = table?.fields.get(key);
  return typeof value === "number" ? Math.trunc(value) : 0;
}

/** A text among the options of a call; empty where it is none. */
export function textOption(table: LuaTable | undefined, key: string): string {
  const value = table?.fields.get(key);
  return value instanceof Uint8Array ? textOf(value) : "";
}

/** A boolean among the options of a call; false where it is none. */
export function boolOption(table: LuaTable | undefined, key: string): boolean {
  return table?.fields.get(key) === true;
}

/** A list of texts among the options of a call; nothing where it is none. */
export function textsOption(
  table: LuaTable | undefined,
  key: string,
): readonly string[] | undefined {
  const value = table?.fields.get(key);
  if (!(value instanceof LuaTable)) return undefined;
  return value.list.flatMap((item) =>
    item instanceof Uint8Array ? [textOf(item)] : []
  );
}
