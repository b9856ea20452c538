/**
 * The byte ranges of downloads (RFC 9110) and of uploads (the specification's own).
 *
 * @module
 */
import { ApiError } from "./api_error.ts";

/** Bytes from `start` up to and without `end`. */
export interface ByteRange {
  /** The first byte. */
  readonly start: number;
  /** The byte after the last one. */
  readonly end: number;
}

/**
 * Reads the `Range` header of a download.
 *
 * @param header The header; other units and several ranges at once are ignored,
 * as RFC 9110 allows.
 * @param size The size of the whole, in bytes.
 * @returns The range, cut to the size; `undefined` stands for the whole.
 * @throws {ApiError} 416 where no byte is in the range.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(parseRange("bytes=-3", 10), { start: 7, end: 10 });
 * ```
 */
export function parseRange(
  header: string | null | undefined,
  size: number,
): ByteRange | undefined {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/.exec(header ?? "");
  const [, first = "", last = ""] = match ?? [];
  if (first === "" && last === "") return undefined;
  const range = first === ""
    ? { start: Math.max(0, size - Number(last)), end: size }
    : {
      start: Number(first),
      end: last === "" ? size : Math.min(Number(last) + 1, size),
    };
  if (range.start < range.end) return range;
  throw new ApiError("SIZE_INVALID", "No byte of the blob is in the range", {
    status: 416,
    detail: { range: header },
    headers: { "content-range": `bytes */${size}` },
  });
}

/** The `Content-Range` header of a partial download. */
export function formatContentRange(range: ByteRange, size: number): string {
  return `bytes ${range.start}-${range.end - 1}/${size}`;
}

/**
 * Reads the `Content-Range` header of an upload's chunk: `0-1023`; the form of
 * RFC 9110, `bytes 0-1023/*`, is taken too, since clients send it.
 *
 * @returns The range, or `undefined` where the header is absent.
 * @throws {ApiError} 416 where it is neither.
 */
export function parseContentRange(
  header: string | null | undefined,
): ByteRange | undefined {
  if (header === null || header === undefined) return undefined;
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/
    .exec(header.trim());
  const [, first = "", last = ""] = match ?? [];
  const range = { start: Number(first), end: Number(last) + 1 };
  if (match && range.start < range.end) return range;
  throw new ApiError("BLOB_UPLOAD_INVALID", "Content-Range is malformed", {
    status: 416,
    detail: { "content-range": header },
  });
}

/** What an upload's `Range` header says: the bytes that are there. */
export function formatUploadRange(size: number): string {
  // "0-0" stands for one byte and, by custom, for none.
  return `0-${Math.max(0, size - 1)}`;
}
