/**
 * Values on their way between a script and the host: copied field by field into
 * bytes, so that neither side ever holds an object of the other.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";

/** What marks each value in the bytes. */
export const TAG = {
  nil: 0,
  no: 1,
  yes: 2,
  number: 3,
  string: 4,
  table: 5,
  struct: 6,
  handle: 7,
  other: 8,
} as const;

/** How deep tables may nest. */
export const MAX_NESTING = 64;

/** A value that came from a script. A string is its bytes. */
export type LuaValue =
  | undefined
  | boolean
  | number
  | Uint8Array
  | LuaTable
  | LuaHandle
  | LuaOther;

/** A table that came from a script, without its metatable. */
export class LuaTable {
  /** The values of 1, 2, 3 and so on. */
  readonly list: readonly LuaValue[];
  /** The other values; keys that are strings are read as UTF-8. */
  readonly fields: ReadonlyMap<string | number | boolean, LuaValue>;
  /** Makes a table. */
  constructor(
    list: readonly LuaValue[],
    fields: ReadonlyMap<string | number | boolean, LuaValue>,
  ) {
    this.list = list;
    this.fields = fields;
  }
}

/** A host's object that came back from a script. */
export class LuaHandle {
  /** The number of its class. */
  readonly kind: number;
  /** The number that the host gave it. */
  readonly id: number;
  /** The fields that the script saw, as they are now; absent where not asked for. */
  readonly fields: LuaValue;
  /** Makes a handle. */
  constructor(kind: number, id: number, fields: LuaValue) {
    this.kind = kind;
    this.id = id;
    this.fields = fields;
  }
}

/** A function, a coroutine or a foreign object: only its type is known. */
export class LuaOther {
  /** The type, such as `function`. */
  readonly type: string;
  /** Makes one. */
  constructor(type: string) {
    this.type = type;
  }
}

/** A value for a script. `null` and `undefined` become nil, text becomes its UTF-8 bytes. */
export type HostValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly HostValue[]
  | ReadonlyMap<string | number, HostValue>
  | HostStruct
  | HostHandle;

/** A table of fields that have several names each; tables are shared by the names. */
export class HostStruct {
  /** Names and value of each field. */
  readonly fields: readonly (readonly [readonly string[], HostValue])[];
  /** Makes one. */
  constructor(fields: readonly (readonly [readonly string[], HostValue])[]) {
    this.fields = fields;
  }
}

/** An object of the host for a script: opaque but for the fields. */
export class HostHandle {
  /** The number of its class. */
  readonly kind: number;
  /** The number to know it by when it comes back. */
  readonly id: number;
  /** What the script can read of it. */
  readonly fields: HostStruct | undefined;
  /** Makes one. */
  constructor(kind: number, id: number, fields?: HostStruct) {
    this.kind = kind;
    this.id = id;
    this.fields = fields;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Writes values. */
export class Writer {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #limit: number;

  /**
   * Makes an empty one.
   *
   * @param limit The most bytes that it takes.
   */
  constructor(limit: number = 256 << 20) {
    this.#limit = limit;
  }

  /** What was written. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Writes a byte. */
  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** Writes a count. */
  count(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  /** Writes a number. */
  number(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Writes bytes with their count. */
  string(value: string | Uint8Array): void {
    const bytes = typeof value === "string" ? encoder.encode(value) : value;
    this.count(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Replaces the count at an offset, which {@linkcode length} gave. */
  patch(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /** Writes a value for a script. */
  value(value: HostValue): void {
    if (value === undefined || value === null) return this.byte(TAG.nil);
    if (typeof value === "boolean") return this.byte(value ? TAG.yes : TAG.no);
    if (typeof value === "number") {
      this.byte(TAG.number);
      return this.number(value);
    }
    if (typeof value === "string" || value instanceof Uint8Array) {
      this.byte(TAG.string);
      return this.string(value);
    }
    if (value instanceof HostHandle) return this.#handle(value);
    if (value instanceof HostStruct) return this.#struct(value);
    if (value instanceof Map) return this.#table([], value);
    return this.#table(value as readonly HostValue[], new Map());
  }

  #handle(handle: HostHandle): void {
    this.byte(TAG.handle);
    this.byte(handle.kind);
    this.count(handle.id);
    this.value(handle.fields);
  }

  #struct(struct: HostStruct): void {
    this.byte(TAG.struct);
    this.count(struct.fields.length);
    for (const [names, value] of struct.fields) {
      this.byte(names.length);
      for (const name of names) this.string(name);
      this.value(value);
    }
  }

  #table(
    list: readonly HostValue[],
    fields: ReadonlyMap<string | number, HostValue>,
  ): void {
    this.byte(TAG.table);
    this.count(list.length);
    for (const item of list) this.value(item);
    this.count(fields.size);
    for (const [key, item] of fields) {
      this.value(key);
      this.value(item);
    }
  }

  #room(more: number): void {
    const size = this.#length + more;
    if (size > this.#limit) {
      throw new RegError("limit", "Cannot pass a value of that size");
    }
    if (size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(size, this.#bytes.length * 2));
    grown.set(this.bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Reads what a {@linkcode Writer} wrote. Trusts nothing. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** Reads from the start of `bytes`. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Whether all was read. */
  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Reads a byte. */
  byte(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  /** Reads a count. */
  count(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** Reads a number. */
  number(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** Reads bytes; they are a part of the input. */
  string(): Uint8Array {
    const length = this.count();
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Reads a text. */
  text(): string {
    // A copy: what a decoder is given may not be shared memory.
    return decoder.decode(this.string().slice());
  }

  /** Reads a value that came from a script. */
  value(depth = 0): LuaValue {
    if (depth > MAX_NESTING) throw malformed();
    const tag = this.byte();
    switch (tag) {
      case TAG.nil:
        return undefined;
      case TAG.no:
        return false;
      case TAG.yes:
        return true;
      case TAG.number:
        return this.number();
      case TAG.string:
        return this.string();
      case TAG.table:
        return this.#table(depth);
      case TAG.handle:
        return new LuaHandle(this.byte(), this.count(), this.value(depth + 1));
      case TAG.other:
        return new LuaOther(this.text());
    }
    throw malformed();
  }

  #table(depth: number): LuaTable {
    const list: LuaValue[] = [];
    for (let left = this.count(); left > 0; left--) {
      list.push(this.value(depth + 1));
    }
    const fields = new Map<string | number | boolean, LuaValue>();
    for (let left = this.count(); left > 0; left--) {
      const key = this.value(depth + 1);
      const value = this.value(depth + 1);
      if (key instanceof Uint8Array) fields.set(textOf(key), value);
      else if (typeof key === "number" || typeof key === "boolean") {
        fields.set(key, value);
      }
    }
    return new LuaTable(list, fields);
  }

  #advance(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) throw malformed();
    this.#at = at + size;
    return at;
  }
}

function malformed(): RegError {
  return new RegError("internal", "Cannot read what the script's engine sent");
}

/** The text of a script's string. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** What a host call gave. */
export type Answer =
  | { readonly type: "values"; readonly values: readonly HostValue[] }
  | { readonly type: "error"; readonly message: string }
  | { readonly type: "argument"; readonly n: number; readonly message: string };

/** The first byte of an answer. */
export const ANSWER = { values: 0, error: 1, argument: 2 } as const;

/** Writes what a host call gave. */
export function encodeAnswer(answer: Answer): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.byte(ANSWER[answer.type]);
  if (answer.type === "values") {
    writer.count(answer.values.length);
    for (const value of answer.values) writer.value(value);
  } else {
    if (answer.type === "argument") writer.count(answer.n);
    writer.string(answer.message);
  }
  return writer.bytes;
}
