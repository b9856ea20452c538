/**
 * The registry client as a library.
 *
 * @module
 */
export * from "./registry/mod.ts";
