/**
 * What a reference says of the manifest that goes there.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import type { Reference } from "./reference.ts";

/** The tag to set: `latest` where nothing is named, none where only a digest is. */
export function targetTag({ tag, digest }: Reference): string | undefined {
  return tag || (digest === "" ? "latest" : undefined);
}

/**
 * Refuses a manifest that is not the one which its reference names.
 *
 * @param reference Where the manifest goes; one without a digest takes any.
 * @throws {RegError} `mismatch`.
 */
export function expectDigest(reference: Reference, digest: string): void {
  if (reference.digest === "" || reference.digest === digest) return;
  throw new RegError(
    "mismatch",
    `manifest digest mismatch, expected ${reference.digest}, computed ${digest}`,
  );
}
