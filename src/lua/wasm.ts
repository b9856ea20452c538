/**
 * The interpreter: the original Lua 5.1.5, compiled to WebAssembly, out of the
 * package `wasmoon-lua5.1`. Only the binary is taken: the package's JavaScript
 * is never run, and the binary sees no other imports than those of
 * `engine/instance.ts`.
 *
 * For bundlers: this module is one of the two that find a file beside the
 * sources; the other one is `worker_url.ts`. A bundle replaces
 * {@linkcode readWasm} by a function that returns the bytes.
 *
 * @module
 */
// Imported so that the package is on disk before its binary is asked for.
import about from "wasmoon-lua5.1/package.json" with { type: "json" };
import { RegError } from "../base/errors.ts";
import { redirectNumberText } from "./engine/patch.ts";

/** Reads the interpreter's WebAssembly binary as its package has it. */
export async function readWasm(): Promise<Uint8Array<ArrayBuffer>> {
  const url = import.meta.resolve(`${about.name}/dist/liblua5.1.wasm`);
  return await Deno.readFile(new URL(url));
}

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
