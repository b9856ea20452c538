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
    view: async () =>
      (await import("../../view/mod.ts")).referenceView(reference),
  });
}
