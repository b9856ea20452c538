/**
 * Where the code of the Worker is.
 *
 * For bundlers: bundle `src/lua/worker.ts` into one chunk of its own and replace
 * {@linkcode workerUrl} by a function that returns a `blob:` or `data:` URL of
 * that text. The Worker gets the WebAssembly module by message and needs no
 * file, no network and no permission.
 *
 * @module
 */

/** The URL to start a script's Worker from. */
export function workerUrl(): string {
  return new URL("./worker.ts", import.meta.url).href;
}
