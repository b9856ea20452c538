/**
 * The command `version`, which every tool has.
 *
 * @module
 */
import { type FormatCall, print } from "../cli/format.ts";
import type { Io } from "../cli/io.ts";
import { formatFlags } from "./shared.ts";
import { versionText, versionView } from "./version_view.ts";

/** The template that means the facts in aligned lines. */
const PRETTY = "{{printPretty .}}";

/** The flags of `version`. */
export const VERSION_FLAGS = formatFlags(PRETTY);

/** Prints what this build is, as the flags ask for. */
export async function printVersion(io: Io, call: FormatCall): Promise<void> {
  const facts = versionView();
  await print(io, call, {
    plain: [PRETTY],
    text: () => versionText(facts),
    view: async () => (await import("../view/mod.ts")).versionValue(facts),
  });
}
