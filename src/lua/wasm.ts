/**
 * The interpreter: the original Lua 5.1.5, compiled to WebAssembly, out of the
 * package `wasmoon-lua5.1`. Only the binary is taken: the package's JavaScript
 * is never run, and the binary sees no other imports than those of
 * `engine/instance.ts`.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import { redirectNumberText } from "./engine/patch.ts";
import { readWasm } from "./wasm_file.ts";

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * Compiles the interpreter, once a process.
 *
 * @throws {RegError} `internal` where the binary is not the one we know.
 */
export function luaModule(): Promise<WebAssembly.Module> {
  compiled ??= readWasm().then((bytes) =>
    WebAssembly.compile(redirectNumberText(bytes))
  ).catch((error) => {
    compiled = undefined;
    throw new RegError("internal", "Cannot load the Lua interpreter", {
      cause: error,
    });
  });
  return compiled;
}
