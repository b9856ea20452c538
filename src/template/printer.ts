/**
 * Prints values by the rules of Go's fmt.
 *
 * @module
 */
import { type ByteString, toByteString } from "./byte_string.ts";
import { callStringMethod } from "./call.ts";
import { GoError } from "./errors.ts";
import type { FloatVerb } from "./float.ts";
import {
  type Flags,
  formatBool,
  formatCharacter,
  formatFloatVerb,
  formatHex,
  formatInteger,
  formatQuoted,
  formatQuotedCharacter,
  formatString,
  formatUnicode,
  NO_FLAGS,
  pad,
} from "./format_verb.ts";
import { type Budget, UNLIMITED } from "./budget.ts";
import { isSigned, isUnsigned } from "./kind.ts";
import { type Type, type Value } from "./type.ts";
import {
  bytesOf,
  contents,
  elem,
  elementOf,
  fieldOf,
  lengthOf,
  sortedEntries,
  stringValue,
} from "./value.ts";

/** An operand: what an `interface{}` holds, `undefined` for nil. */
export type Operand = Value | undefined;

const NIL = "<nil>";
const STRING_VERBS = "vsxXq";

/** Prints one operand after the other. */
export class Printer {
  /** The flags of the verb at hand. */
  flags: Flags = { ...NO_FLAGS };
  readonly #budget: Budget;
  #out = "";
  #erroring = false;
  #panicking = false;

  /** Makes a printer that takes its time and space from a budget. */
  constructor(budget: Budget = UNLIMITED) {
    this.#budget = budget;
  }

  /** What was printed. */
  get text(): ByteString {
    return this.#out;
  }

  /** Prints text as it is. */
  write(text: ByteString): void {
    this.#out += text;
    this.#budget.hold(this.#out.length);
  }

  /** Takes the flags of the verb away. */
  clearFlags(): void {
    this.flags = { ...NO_FLAGS };
  }

  /** Prints an operand with a verb. */
  operand(arg: Operand, verb: string): void {
    if (arg === undefined) {
      if (verb === "T" || verb === "v") this.write(pad(this.flags, NIL));
      else this.#badVerb(arg, verb);
      return;
    }
    if (verb === "T") {
      return this.write(formatString(this.flags, toByteString(arg.type.name)));
    }
    if (verb === "p") return this.#pointer(arg, verb);
    if (this.#byMethod(arg, verb)) return;
    if (arg.type.name === "[]uint8" && this.#bytes(arg, verb, "[]byte")) return;
    this.#value(arg, verb, 0);
  }

  #badVerb(arg: Operand, verb: string): void {
    this.#erroring = true;
    this.write(`%!${verb}(`);
    if (arg === undefined) this.write(NIL);
    else {
      this.write(`${toByteString(arg.type.name)}=`);
      this.operand(arg, "v");
    }
    this.write(")");
    this.#erroring = false;
  }

  /** Prints what `Error`, `String` or `GoString` gives, where there is one. */
  #byMethod(arg: Value, verb: string): boolean {
    if (this.#erroring) return false;
    if (verb === "w") {
      this.#badVerb(arg, verb);
      return true;
    }
    const names = this.flags.sharpV
      ? ["GoString"] as const
      : STRING_VERBS.includes(verb)
      ? ["Error", "String"] as const
      : [];
    for (const name of names) {
      try {
        const text = callStringMethod(arg, name);
        if (text === undefined) continue;
        if (name === "GoString") this.write(formatString(this.flags, text));
        else this.#string(stringValue(text), verb);
      } catch (error) {
        if (!(error instanceof GoError)) throw error;
        this.#panic(arg, verb, name, error);
      }
      return true;
    }
    return false;
  }

  #panic(arg: Value, verb: string, method: string, error: GoError): void {
    if (arg.type.kind === "ptr" && arg.isNil) return this.write(NIL);
    if (this.#panicking) throw error;
    const flags = this.flags;
    this.clearFlags();
    this.#panicking = true;
    this.write(`%!${verb}(PANIC=${method} method: `);
    this.operand(stringValue(toByteString(error.message)), "v");
    this.write(")");
    this.#panicking = false;
    this.flags = flags;
  }

  #value(value: Operand, verb: string, depth: number): void {
    this.#budget.step();
    if (value === undefined) {
      if (verb === "v") this.write(NIL);
      else this.#badVerb(value, verb);
      return;
    }
    if (depth > 0 && value.type.kind !== "interface") {
      if (this.#byMethod(value, verb)) return;
    }
    switch (value.type.kind) {
      case "bool":
        if (verb !== "t" && verb !== "v") return this.#badVerb(value, verb);
        return this.write(formatBool(this.flags, value.bool));
      case "float32":
      case "float64":
      case "complex128":
        return this.#number(value, verb);
      case "string":
        return this.#string(value, verb);
      case "map":
        return this.#map(value, verb, depth);
      case "struct":
        return this.#struct(value, verb, depth);
      case "interface":
        return this.#interface(value, verb, depth);
      case "array":
      case "slice":
        return this.#list(value, verb, depth);
      case "ptr":
        return this.#pointerTo(value, verb, depth);
      case "chan":
      case "func":
        return this.#pointer(value, verb);
      default:
        return this.#integer(value, verb);
    }
  }

  #integer(value: Value, verb: string): void {
    const { flags } = this;
    const { int, type } = value;
    const text = isSigned(type.kind) || isUnsigned(type.kind)
      ? integerText(flags, int, verb, isUnsigned(type.kind))
      : undefined;
    if (text === undefined) this.#badVerb(value, verb);
    else this.write(text);
  }

  #number(value: Value, verb: string): void {
    const style = FLOAT_VERBS[verb];
    if (style === undefined) return this.#badVerb(value, verb);
    const { flags } = this;
    const bits = value.type.kind === "float32" ? 32 : 64;
    if (value.type.kind !== "complex128") {
      return this.write(
        formatFloatVerb(flags, value.float, { ...style, bits }),
      );
    }
    const { re, im } = value.complex;
    const real = formatFloatVerb(flags, re, { ...style, bits });
    // The imaginary part always has its sign.
    const signed = { ...flags, plus: true };
    const imaginary = formatFloatVerb(signed, im, { ...style, bits });
    this.write(`(${real}${imaginary}i)`);
  }

  #string(value: Value, verb: string): void {
    const text = stringText(this.flags, value.string, verb);
    if (text === undefined) this.#badVerb(value, verb);
    else this.write(text);
  }

  /** Prints bytes; tells whether the verb has a form for them. */
  #bytes(value: Value, verb: string, type: string): boolean {
    const { flags } = this;
    if (verb !== "v" && verb !== "d") {
      if (!"sxXq".includes(verb)) return false;
      this.#string(stringValue(bytesOf(value)), verb);
      return true;
    }
    const bytes = Array.from(bytesOf(value), (byte) => byte.charCodeAt(0));
    if (!flags.sharpV) {
      const numbers = bytes.map((byte) =>
        formatInteger(flags, BigInt(byte), { base: 10 })
      );
      this.write(`[${numbers.join(" ")}]`);
    } else if (value.isNil) this.write(`${type}(nil)`);
    else {
      const numbers = bytes.map((byte) => goHex(flags, BigInt(byte)));
      this.write(`${type}{${numbers.join(", ")}}`);
    }
    return true;
  }

  #map(value: Value, verb: string, depth: number): void {
    const { sharpV } = this.flags;
    if (sharpV && value.isNil) return this.#goNil(value.type);
    this.write(sharpV ? `${toByteString(value.type.name)}{` : "map[");
    for (const [i, entry] of sortedEntries(value).entries()) {
      if (i > 0) this.write(sharpV ? ", " : " ");
      this.#value(entry.key, verb, depth + 1);
      this.write(":");
      this.#value(entry.value, verb, depth + 1);
    }
    this.write(sharpV ? "}" : "]");
  }

  #struct(value: Value, verb: string, depth: number): void {
    const { sharpV, plusV } = this.flags;
    this.write(sharpV ? `${toByteString(value.type.name)}{` : "{");
    for (const [i, field] of value.type.fields.entries()) {
      if (i > 0) this.write(sharpV ? ", " : " ");
      if (sharpV || plusV) this.write(`${toByteString(field.name)}:`);
      const inner = fieldOf(value, field);
      const isFull = inner.type.kind === "interface" && !inner.isNil;
      this.#value(isFull ? contents(inner) : inner, verb, depth + 1);
    }
    this.write("}");
  }

  #interface(value: Value, verb: string, depth: number): void {
    const inner = contents(value);
    if (inner !== undefined) return this.#value(inner, verb, depth + 1);
    if (this.flags.sharpV) this.#goNil(value.type);
    else this.write(NIL);
  }

  #list(value: Value, verb: string, depth: number): void {
    const isBytes = value.type.elem.kind === "uint8";
    const name = toByteString(value.type.name);
    if (isBytes && "sqxX".includes(verb)) {
      this.#bytes(value, verb, name);
      return;
    }
    const { sharpV } = this.flags;
    if (sharpV && value.type.kind === "slice" && value.isNil) {
      return this.#goNil(value.type);
    }
    this.write(sharpV ? `${name}{` : "[");
    const length = lengthOf(value);
    for (let i = 0; i < length; i++) {
      if (i > 0) this.write(sharpV ? ", " : " ");
      this.#value(elementOf(value, i), verb, depth + 1);
    }
    this.write(sharpV ? "}" : "]");
  }

  #goNil(type: Type): void {
    this.write(`${toByteString(type.name)}(nil)`);
  }

  #pointerTo(value: Value, verb: string, depth: number): void {
    const inner = depth === 0 ? elem(value) : undefined;
    switch (inner?.type.kind) {
      case "array":
      case "slice":
      case "struct":
      case "map":
        this.write("&");
        return this.#value(inner, verb, depth + 1);
      default:
        return this.#pointer(value, verb);
    }
  }

  #pointer(value: Value, verb: string): void {
    const { flags } = this;
    const { kind } = value.type;
    const hasAddress = kind === "chan" || kind === "func" || kind === "map" ||
      kind === "ptr" || kind === "slice";
    if (!hasAddress) return this.#badVerb(value, verb);
    const address = addressNumber(value.data);
    if (verb === "v" && flags.sharpV) {
      const text = address === 0n ? "nil" : goHex(flags, address);
      return this.write(`(${toByteString(value.type.name)})(${text})`);
    }
    if (verb === "v" && address === 0n) return this.write(pad(flags, NIL));
    const text = verb === "v" || verb === "p"
      ? formatInteger({ ...flags, sharp: !flags.sharp }, address, { base: 16 })
      : "bodxX".includes(verb)
      ? integerText(flags, address, verb, true)
      : undefined;
    if (text === undefined) this.#badVerb(value, verb);
    else this.write(text);
  }
}

const FLOAT_VERBS: Readonly<
  Record<string, { readonly verb: FloatVerb; readonly precision: number }>
> = {
  v: { verb: "g", precision: -1 },
  b: { verb: "b", precision: -1 },
  g: { verb: "g", precision: -1 },
  G: { verb: "G", precision: -1 },
  x: { verb: "x", precision: -1 },
  X: { verb: "X", precision: -1 },
  f: { verb: "f", precision: 6 },
  F: { verb: "f", precision: 6 },
  e: { verb: "e", precision: 6 },
  E: { verb: "E", precision: 6 },
};

function goHex(flags: Flags, value: bigint): ByteString {
  return formatInteger({ ...flags, sharp: true }, value, { base: 16 });
}

function integerText(
  flags: Flags,
  value: bigint,
  verb: string,
  unsigned: boolean,
): ByteString | undefined {
  switch (verb) {
    case "v":
      return flags.sharpV && unsigned
        ? goHex(flags, value)
        : formatInteger(flags, value, { base: 10 });
    case "d":
      return formatInteger(flags, value, { base: 10 });
    case "b":
      return formatInteger(flags, value, { base: 2 });
    case "o":
    case "O":
      return formatInteger(flags, value, { base: 8, prefixO: verb === "O" });
    case "x":
    case "X":
      return formatInteger(flags, value, { base: 16, upper: verb === "X" });
    case "c":
      return formatCharacter(flags, value);
    case "q":
      return formatQuotedCharacter(flags, value);
    case "U":
      return formatUnicode(flags, value);
    default:
      return undefined;
  }
}

function stringText(
  flags: Flags,
  text: ByteString,
  verb: string,
): ByteString | undefined {
  switch (verb) {
    case "v":
      return flags.sharpV
        ? formatQuoted(flags, text)
        : formatString(flags, text);
    case "s":
      return formatString(flags, text);
    case "x":
    case "X":
      return formatHex(flags, text, verb === "X");
    case "q":
      return formatQuoted(flags, text);
    default:
      return undefined;
  }
}

const addresses = new WeakMap<object, bigint>();
let lastAddress = 0xc000010000n; // where Go's heap starts, roughly

/** A number that stays the same for the same object, as an address would. */
function addressNumber(data: unknown): bigint {
  if (data === null) return 0n;
  if (typeof data !== "object") return lastAddress;
  const found = addresses.get(data) ?? (lastAddress += 16n);
  addresses.set(data, found);
  return found;
}
