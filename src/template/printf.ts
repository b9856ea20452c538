/**
 * `print`, `println` and `printf` of Go's fmt.
 *
 * @module
 */
import type { Budget } from "./budget.ts";
import {
  type ByteString,
  decodeRune,
  encodeRune,
  toByteString,
} from "./byte_string.ts";
import { type Operand, Printer } from "./printer.ts";
import { isInteger } from "./kind.ts";

/** Prints operands, with a space between two that are no strings. */
export function sprint(
  args: readonly Operand[],
  budget?: Budget,
): ByteString {
  const printer = new Printer(budget);
  let afterString = true;
  for (const arg of args) {
    const isString = arg?.type.kind === "string";
    if (!isString && !afterString) printer.write(" ");
    printer.operand(arg, "v");
    afterString = isString;
  }
  return printer.text;
}

/** Prints operands with spaces between them and a newline. */
export function sprintln(
  args: readonly Operand[],
  budget?: Budget,
): ByteString {
  const printer = new Printer(budget);
  for (const [i, arg] of args.entries()) {
    if (i > 0) printer.write(" ");
    printer.operand(arg, "v");
  }
  printer.write("\n");
  return printer.text;
}

/** Prints operands as a format says. */
export function sprintf(
  format: ByteString,
  args: readonly Operand[],
  budget?: Budget,
): ByteString {
  return new Formatter(format, args, new Printer(budget)).run();
}

const LARGEST = 1_000_000; // the widest width and the largest precision

class Formatter {
  readonly #format: ByteString;
  readonly #args: readonly Operand[];
  readonly #printer: Printer;
  #at = 0;
  #next = 0; // the operand that the next verb takes
  #reordered = false;
  #goodIndex = true;
  #afterIndex = false;

  constructor(
    format: ByteString,
    args: readonly Operand[],
    printer: Printer,
  ) {
    this.#format = format;
    this.#args = args;
    this.#printer = printer;
  }

  run(): ByteString {
    for (;;) {
      const percent = this.#format.indexOf("%", this.#at);
      const end = percent < 0 ? this.#format.length : percent;
      this.#printer.write(this.#format.slice(this.#at, end));
      if (percent < 0) break;
      this.#at = percent + 1;
      this.#goodIndex = true;
      this.#afterIndex = false;
      this.#printer.clearFlags();
      this.#flags();
      this.#index();
      this.#width();
      this.#precision();
      if (!this.#afterIndex) this.#index();
      if (this.#at >= this.#format.length) {
        this.#printer.write("%!(NOVERB)");
        break;
      }
      this.#verb();
    }
    if (!this.#reordered) this.#extra();
    return this.#printer.text;
  }

  #char(): string {
    return this.#format[this.#at] ?? "";
  }

  #flags(): void {
    const { flags } = this.#printer;
    for (;; this.#at++) {
      switch (this.#char()) {
        case "#":
          flags.sharp = true;
          break;
        case "0":
          flags.zero = true;
          break;
        case "+":
          flags.plus = true;
          break;
        case "-":
          flags.minus = true;
          break;
        case " ":
          flags.space = true;
          break;
        default:
          return;
      }
    }
  }

  /** Reads `[n]`. */
  #index(): void {
    this.#afterIndex = false;
    if (this.#char() !== "[") return;
    this.#reordered = true;
    const close = this.#format.indexOf("]", this.#at);
    if (close < 0 || this.#format.length - this.#at < 3) {
      this.#at++;
      this.#goodIndex = false;
      return;
    }
    const inner = this.#format.slice(this.#at + 1, close);
    this.#at = close + 1;
    const index = /^\d+$/.test(inner) ? Number(inner) : NaN;
    this.#afterIndex = index <= LARGEST * 10;
    if (index >= 1 && index <= this.#args.length) this.#next = index - 1;
    else this.#goodIndex = false;
  }

  #width(): void {
    const { flags } = this.#printer;
    if (this.#char() === "*") {
      this.#at++;
      const width = this.#star();
      if (width === undefined) this.#printer.write("%!(BADWIDTH)");
      if (width !== undefined && width < 0) {
        flags.minus = true;
        flags.zero = false; // zeros do not go to the right
      }
      flags.width = width === undefined ? undefined : Math.abs(width);
      this.#afterIndex = false;
      return;
    }
    flags.width = this.#number();
    if (this.#afterIndex && flags.width !== undefined) this.#goodIndex = false;
  }

  #precision(): void {
    const { flags } = this.#printer;
    if (this.#char() !== "." || this.#at + 1 >= this.#format.length) return;
    this.#at++;
    if (this.#afterIndex) this.#goodIndex = false;
    this.#index();
    if (this.#char() !== "*") {
      flags.precision = this.#number() ?? 0;
      return;
    }
    this.#at++;
    const precision = this.#star();
    flags.precision = precision === undefined || precision < 0
      ? undefined
      : precision;
    if (flags.precision === undefined) this.#printer.write("%!(BADPREC)");
    this.#afterIndex = false;
  }

  #number(): number | undefined {
    let value: number | undefined;
    for (; /^\d$/.test(this.#char()); this.#at++) {
      if ((value ?? 0) > LARGEST) {
        // Go gives such a number up, and all that follows it.
        this.#at = this.#format.length;
        return undefined;
      }
      value = (value ?? 0) * 10 + Number(this.#char());
    }
    return value;
  }

  /** Takes an operand as width or precision. */
  #star(): number | undefined {
    if (this.#next >= this.#args.length) return undefined;
    const arg = this.#args[this.#next++];
    if (arg === undefined || !isInteger(arg.type.kind)) return undefined;
    const value = Number(arg.int);
    return Math.abs(value) <= LARGEST ? value : undefined;
  }

  #verb(): void {
    const { rune, size } = decodeRune(this.#format, this.#at);
    this.#at += size;
    const verb = encodeRune(rune);
    const printer = this.#printer;
    if (verb === "%") return printer.write("%");
    if (!this.#goodIndex) return printer.write(`%!${verb}(BADINDEX)`);
    if (this.#next >= this.#args.length) {
      return printer.write(`%!${verb}(MISSING)`);
    }
    const { flags } = printer;
    if (verb === "v" || verb === "w") {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plusV = flags.plus;
      flags.plus = false;
    }
    printer.operand(this.#args[this.#next++], verb);
  }

  /** Names the operands that no verb took. */
  #extra(): void {
    const rest = this.#args.slice(this.#next);
    if (rest.length === 0) return;
    const printer = this.#printer;
    printer.clearFlags();
    printer.write("%!(EXTRA ");
    for (const [i, arg] of rest.entries()) {
      if (i > 0) printer.write(", ");
      if (arg === undefined) {
        printer.write("<nil>");
        continue;
      }
      printer.write(`${toByteString(arg.type.name)}=`);
      printer.operand(arg, "v");
    }
    printer.write(")");
  }
}
