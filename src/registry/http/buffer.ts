/**
 * Reads small answers whole before they are passed up, so that one that breaks off
 * counts as a failed attempt.
 *
 * @module
 */
import { isAbort, messageOf, RegError } from "../../base/errors.ts";
import { collect } from "../../base/streams.ts";
import type { Layer, RegistryRequest } from "../core.ts";
import { withBody } from "./responses.ts";

const MIB = 1024 * 1024;
/** The largest manifest that we take: upstream's pull limit. */
const MANIFEST_LIMIT = 8 * MIB;
/** Lists come in pages, but not every registry cuts them. */
const LIST_LIMIT = 64 * MIB;

/**
 * Reads the bodies of manifests and lists into memory.
 *
 * A body that is larger than 8 MiB, or 64 MiB for a list, is a `limit` error; one
 * that breaks or ends early is a `network` error.
 */
export function buffer(): Layer {
  return (next) => async (request) => {
    const response = await next(request);
    if (
      response.body === null || request.kind === "blob" ||
      request.kind === "upload"
    ) return response;
    const limit = request.kind === "list" ? LIST_LIMIT : MANIFEST_LIMIT;
    const length = Number(response.headers.get("content-length") ?? NaN);
    if (length > limit) {
      await response.body.cancel();
      throw tooLarge(request, length, limit);
    }
    const bytes = await read(request, response.body, limit);
    if (bytes.length < length) {
      throw new RegError(
        "network",
        `Cannot read body: short read [expected ${length}, received ${bytes.length}]`,
      );
    }
    return withBody(response, new Response(bytes).body);
  };
}

async function read(
  request: RegistryRequest,
  body: ReadableStream<Uint8Array>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await collect(body, limit);
  } catch (error) {
    request.signal?.throwIfAborted();
    if (error instanceof RegError && error.code === "limit") {
      throw tooLarge(request, undefined, limit);
    }
    if (error instanceof RegError || isAbort(error)) throw error;
    throw new RegError("network", `Cannot read body: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function tooLarge(
  request: RegistryRequest,
  length: number | undefined,
  limit: number,
): RegError {
  const what = request.kind === "manifest" ? "manifest" : "answer";
  return new RegError(
    "limit",
    `${what} too large, received ${length ?? `over ${limit}`}, limit ${limit}`
      .replace(/^./, (first) => first.toUpperCase()),
  );
}
