/**
 * The command `version`, which every tool has.
 *
 * @module
 */
import { LEVELS } from "../base/log.ts";
import { type FormatCall, print } from "../cli/format.ts";
import type { Io } from "../cli/io.ts";
import { parseVerbosity } from "../cli/verbosity.ts";
import { formatFlags } from "./shared.ts";
import { versionText, versionView } from "./version_view.ts";

/** The template that means the facts in aligned lines. */
const PRETTY = "{{printPretty .}}";

/** The flags of `version`. */
export const VERSION_FLAGS = formatFlags(PRETTY);

/** The call of `version`. */
export type VersionCall = FormatCall & {
  readonly flags: { readonly verbosity: string };
};

/**
 * Prints what this build is, as the flags ask for; with `-v debug` also what it
 * may do, and what it has given up.
 */
export async function printVersion(io: Io, call: VersionCall): Promise<void> {
  const facts = versionView();
  const { permissions } = io;
  const isVerbose = parseVerbosity(call.flags.verbosity) <= LEVELS.debug;
  const more = isVerbose && permissions
    ? {
      Granted: permissions.granted().join(" "),
      GivenUp: [...permissions.givenUp].sort().join(" "),
    }
    : {};
  await print(io, call, {
    plain: [PRETTY],
    text: () => versionText(facts, more),
    view: async () => (await import("../view/mod.ts")).versionValue(facts),
  });
}
