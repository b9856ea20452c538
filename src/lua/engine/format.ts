/**
 * `string.format`. Whole numbers are printed here, since a C `long` has 32 bits
 * in WebAssembly; fractions by the interpreter's own function.
 *
 * See {@link https://www.lua.org/manual/5.1/manual.html#pdf-string.format}.
 *
 * @module
 */
import type { ByteBuilder } from "./bytes.ts";
import { builder, type Context } from "./context.ts";
import { type LuaState, TYPE } from "./exports.ts";
import type { Binding } from "./instance.ts";

/** One directive, such as `%-5.2f`. */
interface Directive {
  readonly flags: string;
  readonly width: number;
  /** Digits after the point, or -1. */
  readonly precision: number;
  readonly verb: string;
  /** As it was written. */
  readonly text: string;
}

const DIRECTIVE = /^%([-+ #0]*)(\d*)(?:\.(\d*))?([\s\S]?)/;
const encoder = new TextEncoder();

/**
 * Makes `string.format`; the interpreter's own is its upvalue 1.
 */
export function stringFormat(context: Context): Binding {
  const { stack } = context;
  return (L) => {
    stack.checkString(L, 1);
    const bytes = stack.bytes(L, 1);
    const result = builder(context, L);
    let argument = 1;
    for (let at = 0; at < bytes.length;) {
      const next = bytes.indexOf(37, at);
      result.append(bytes.subarray(at, next < 0 ? bytes.length : next));
      if (next < 0) break;
      if (bytes[next + 1] === 37) {
        result.byte(37);
        at = next + 2;
        continue;
      }
      const directive = parse(context, L, bytes.subarray(next, next + 24));
      at = next + directive.text.length;
      write(context, L, ++argument, directive, result);
    }
    stack.pushString(L, result.bytes);
    return 1;
  };
}

function parse(context: Context, L: LuaState, bytes: Uint8Array): Directive {
  // Directives are ASCII; anything else is refused below by its verb.
  const match = DIRECTIVE.exec(String.fromCharCode(...bytes));
  const [text = "", flags = "", width = "", precision, verb = ""] = match ?? [];
  if (flags.length > 5) {
    context.stack.raise(L, "invalid format (repeated flags)");
  }
  if (width.length > 2 || (precision ?? "").length > 2) {
    context.stack.raise(L, "invalid format (width or precision too long)");
  }
  return {
    flags,
    width: Number(width),
    precision: precision === undefined ? -1 : Number(precision),
    verb,
    text,
  };
}

function write(
  context: Context,
  L: LuaState,
  n: number,
  directive: Directive,
  result: ByteBuilder,
): void {
  const { stack } = context;
  switch (directive.verb) {
    case "c": {
      const byte = Math.trunc(number(context, L, n)) & 255;
      return pad(new Uint8Array([byte]), directive, result);
    }
    case "d":
    case "i":
    case "u":
    case "x":
    case "X":
    case "o": {
      const text = whole(number(context, L, n), directive);
      const digits =
        directive.precision < 0 && !directive.flags.includes("-") &&
          directive.flags.includes("0")
          ? zeros(text, directive.width)
          : text;
      return pad(encoder.encode(digits), directive, result);
    }
    case "e":
    case "E":
    case "f":
    case "g":
    case "G":
      return fraction(context, L, n, directive, result);
    case "q":
      return quote(context, L, n, result);
    case "s": {
      if (stack.instance.c.lua_type(L, n) === TYPE.none) missing(context, L, n);
      stack.pushText(L, n);
      const bytes = stack.bytes(L, -1);
      stack.instance.c.lua_settop(L, -2);
      const cut = directive.precision < 0
        ? bytes
        : bytes.subarray(0, directive.precision);
      return pad(cut, directive, result);
    }
  }
  stack.raise(
    L,
    `invalid option '%${directive.verb}' to 'format'`,
  );
}

function missing(context: Context, L: LuaState, n: number): never {
  return context.stack.badArgument(L, n, "string expected, got no value");
}

function number(context: Context, L: LuaState, n: number): number {
  return context.stack.checkNumber(L, n);
}

/** The text of a number without its fraction; infinity and NaN as C casts them. */
function whole(n: number, directive: Directive): string {
  const { verb, flags, precision } = directive;
  const value = Number.isFinite(n)
    ? BigInt.asIntN(64, BigInt(Math.trunc(n)))
    : -(2n ** 63n);
  const signed = verb === "d" || verb === "i";
  const size = signed
    ? (value < 0n ? -value : value)
    : BigInt.asUintN(64, value);
  const radix = verb === "o" ? 8 : verb === "x" || verb === "X" ? 16 : 10;
  let digits = size.toString(radix).padStart(Math.max(precision, 0), "0");
  if (precision === 0 && size === 0n) digits = "";
  if (flags.includes("#") && radix === 8 && !digits.startsWith("0")) {
    digits = `0${digits}`;
  }
  if (flags.includes("#") && radix === 16 && size !== 0n) {
    digits = `0x${digits}`;
  }
  if (verb === "X") digits = digits.toUpperCase();
  if (!signed) return digits;
  if (value < 0n) return `-${digits}`;
  if (flags.includes("+")) return `+${digits}`;
  return flags.includes(" ") ? ` ${digits}` : digits;
}

/** Fills up with zeros behind the sign and the radix. */
function zeros(text: string, width: number): string {
  const [, sign = "", digits = ""] =
    /^([-+ ]?(?:0[xX])?)([\s\S]*)$/.exec(text) ?? [];
  return sign + digits.padStart(width - sign.length, "0");
}

function pad(
  bytes: Uint8Array,
  directive: Directive,
  result: ByteBuilder,
): void {
  const spaces = " ".repeat(Math.max(directive.width - bytes.length, 0));
  const left = directive.flags.includes("-");
  if (!left) result.ascii(spaces);
  result.append(bytes);
  if (left) result.ascii(spaces);
}

function fraction(
  context: Context,
  L: LuaState,
  n: number,
  directive: Directive,
  result: ByteBuilder,
): void {
  const { stack } = context;
  const { c } = stack.instance;
  number(context, L, n);
  c.lua_pushvalue(L, stack.upvalue(1));
  stack.pushString(L, directive.text);
  c.lua_pushvalue(L, n);
  c.lua_call(L, 2, 1);
  result.append(stack.bytes(L, -1));
  c.lua_settop(L, -2);
}

/** A string that Lua reads back as the same. */
function quote(
  context: Context,
  L: LuaState,
  n: number,
  result: ByteBuilder,
): void {
  context.stack.checkString(L, n);
  result.ascii('"');
  for (const c of context.stack.bytes(L, n)) {
    if (c === 34 || c === 92 || c === 10) result.byte(92); // " \ newline
    if (c === 13) result.ascii("\\r");
    else if (c === 0) result.ascii("\\000");
    else result.byte(c);
  }
  result.ascii('"');
}
