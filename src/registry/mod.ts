/**
 * The public face of the registry client.
 *
 * @module
 */
export * from "./core.ts";
export {
  type ErrorCode,
  isAbort,
  isRegError,
  RegError,
} from "../base/errors.ts";
