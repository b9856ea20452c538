/**
 * Redirects the interpreter's number texts to us. Lua 5.1 prints a number with
 * `sprintf(buffer, "%.14g", n)`, which cuts 2^53 and writes 1e15 with an
 * exponent; scripts expect the text that {@linkcode formatNumber} gives. In the
 * binary each of these calls follows the address of that one format, so its
 * target is exchanged for an import of the same type that is free: we answer
 * the time functions of `os` ourselves.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";

/** The import, of type (i32, i32, i32) -> (), that receives buffer, format and arguments. */
export const NUMBER_TEXT = "_localtime_js";
/** The index of {@linkcode NUMBER_TEXT} among the imports, in two bytes of LEB128. */
const TARGET = [0x80 | 25, 0];
/** `i32.const 3715`: the address of "%.14g". */
const FORMAT = [0x41, 0x83, 0x1d];
/** `call sprintf`: function 498. */
const CALL = [0x10, 0xf2, 0x03];
/** luaV_tostring itself, and three copies of it within luaV_concat. */
const CALLS = 4;
/** No further than this, in bytes, is the call from the format. */
const NEAR = 12;

/**
 * Returns the binary with the calls redirected.
 *
 * @throws {RegError} `internal` where the binary is not the one we know.
 */
export function redirectNumberText(
  wasm: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const patched = new Uint8Array(wasm);
  const formats = positions(patched, FORMAT, 0, patched.length);
  const calls = formats.flatMap((at) =>
    positions(patched, CALL, at, at + NEAR)
  );
  if (calls.length !== CALLS) {
    throw new RegError(
      "internal",
      `Cannot prepare the Lua interpreter: found ${calls.length} number formats, not ${CALLS}`,
    );
  }
  for (const at of calls) patched.set(TARGET, at + 1);
  return patched;
}

function positions(
  bytes: Uint8Array,
  wanted: readonly number[],
  from: number,
  to: number,
): number[] {
  const found = [];
  const [first = 0] = wanted;
  // By `indexOf`, which is native: every start of regbot waits for this.
  for (
    let at = bytes.indexOf(first, from);
    at >= 0 && at < to;
    at = bytes.indexOf(first, at + 1)
  ) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) found.push(at);
  }
  return found;
}
