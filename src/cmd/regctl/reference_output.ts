/**
 * Prints a reference, as the commands do that end with one.
 *
 * @module
 */
import { type FormatCall, print } from "../../cli/format.ts";
import type { Io } from "../../cli/io.ts";
import { commonName, type Reference } from "../../registry/reference.ts";

/** The canonical text and a line end, unless a template says otherwise. */
export async function printReference(
  io: Io,
  call: FormatCall,
  reference: Reference,
): Promise<void> {
  await print(io, call, {
    plain: ["{{ .CommonName }}\n", "{{println .CommonName}}"],
    text: () => `${commonName(reference)}\n`,
    view: () => reference,
    json: () => `${JSON.stringify(referenceJson(reference), null, 2)}\n`,
  });
}

/** A reference under upstream's JSON keys. */
export function referenceJson(
  reference: Reference,
): Readonly<Record<string, string>> {
  const { scheme, reference: text, registry, repository, tag, digest, path } =
    reference;
  return {
    Scheme: scheme,
    Reference: text,
    Registry: registry,
    Repository: repository,
    Tag: tag,
    Digest: digest,
    Path: path,
  };
}
