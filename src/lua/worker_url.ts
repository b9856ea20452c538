/**
 * Where the code of the Worker is.
 *
 * For bundlers: `scripts/bundle.ts` bundles `src/lua/worker.ts` into one chunk
 * and puts a function in this one's place that returns a `data:` URL of that
 * text. The Worker gets the WebAssembly module by message and needs no file, no
 * network and no permission.
 *
 * @module
 */

/** The URL to start a script's Worker from. */
export function workerUrl(): string {
  return new URL("./worker.ts", import.meta.url).href;
}

/**
 * Whether a Worker can be started without permissions: Deno ends the program
 * that asks for it without `--unstable-worker-options`, which a program from a
 * URL does not have. Then the interpreter alone is the wall.
 */
export const CAN_ISOLATE: boolean = true;
