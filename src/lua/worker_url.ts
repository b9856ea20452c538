/**
 * Where the code of the Worker is.
 *
 * For bundlers: `scripts/bundle.ts` bundles `src/lua/worker.ts` into one chunk
 * and puts a function in this one's place that returns a `blob:` URL of that
 * text. The Worker gets the WebAssembly module by message and needs no file, no
 * network and no permission.
 *
 * @module
 */

/** The URL to start a script's Worker from. */
export function workerUrl(): string {
  return new URL("./worker.ts", import.meta.url).href;
}
