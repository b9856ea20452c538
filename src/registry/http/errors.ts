/**
 * Turns answers that are no success into errors.
 *
 * @module
 */
import type { Layer } from "../core.ts";
import { readError } from "./response_error.ts";

/** Rejects with an `HttpError` for every status from 400 on. */
export function errors(): Layer {
  return (next) => async (request) => {
    const response = await next(request);
    if (response.status >= 400) throw await readError(request.method, response);
    return response;
  };
}
