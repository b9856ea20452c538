/**
 * Where the interpreter's binary is.
 *
 * For bundlers: this module is one of the two that find a file beside the
 * sources; the other one is `worker_url.ts`. `scripts/bundle.ts` puts a function
 * in its place that returns the bytes.
 *
 * @module
 */
// Imported so that the package is on disk before its binary is asked for.
import about from "wasmoon-lua5.1/package.json" with { type: "json" };

/** Reads the interpreter's WebAssembly binary as its package has it. */
export async function readWasm(): Promise<Uint8Array<ArrayBuffer>> {
  const url = import.meta.resolve(`${about.name}/dist/liblua5.1.wasm`);
  return await Deno.readFile(new URL(url));
}
