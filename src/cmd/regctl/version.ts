/**
 * `regctl version`.
 *
 * @module
 */
import { print } from "../../cli/format.ts";
import { formatFlags } from "../shared.ts";
import { versionText, versionView } from "../version_view.ts";
import { defineCommand } from "./define.ts";
import { PRETTY } from "./flags.ts";

/** Prints what this build is. */
export const version = defineCommand({
  name: "version",
  summary: "Show the version",
  description: "Show the version of this program, and what it was built from.",
  examples: [{ about: "show the version", line: "regctl version" }],
  args: [],
  flags: formatFlags(PRETTY),
  async run(io, call) {
    const facts = versionView();
    await print(io, call, {
      plain: [PRETTY],
      text: () => versionText(facts),
      view: async () => (await import("../../view/mod.ts")).versionValue(facts),
    });
  },
});
