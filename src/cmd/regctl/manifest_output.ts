/**
 * Prints manifests.
 *
 * @module
 */
import { indentJson } from "../../base/json_indent.ts";
import { type FormatCall, print } from "../../cli/format.ts";
import type { Io } from "../../cli/io.ts";
import type { ManifestBytes, Resolved } from "../../registry/core.ts";
import type { Reference } from "../../registry/reference.ts";
import { PRETTY } from "./flags.ts";

/** Options for {@linkcode printManifest}. */
export interface PrintManifestOptions {
  /** What the user asked for. */
  readonly reference: Reference;
  /** What came. */
  readonly manifest: ManifestBytes;
  /** Whether the JSON is what is printed by default, not the table. */
  readonly json?: boolean;
}

/** Prints a manifest: as a table or as JSON. */
export async function printManifest(
  io: Io,
  call: FormatCall,
  options: PrintManifestOptions,
): Promise<void> {
  const { reference, manifest } = options;
  const { bytes, headers } = manifest;
  const text = () => `${indentJson(new TextDecoder().decode(bytes))}\n`;
  await print(io, call, {
    plain: [PRETTY],
    text,
    view: () => ({ reference, manifest }),
    json: text,
    headers,
    body: () => bytes,
  });
}

/** Prints what a HEAD request gave: the digest, or what a template says. */
export async function printResolved(
  io: Io,
  call: FormatCall,
  options: { readonly reference: Reference; readonly resolved: Resolved },
): Promise<void> {
  const { reference, resolved } = options;
  const { headers, ...descriptor } = resolved;
  await print(io, call, {
    plain: ["", "digest"],
    text: () => `${resolved.digest}\n`,
    view: () => ({ reference, descriptor }),
    json: () => `${JSON.stringify(descriptor, null, 2)}\n`,
    headers,
  });
}
