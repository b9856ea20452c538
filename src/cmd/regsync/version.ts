/**
 * `regsync version`.
 *
 * @module
 */
import { printVersion, VERSION_FLAGS } from "../print_version.ts";
import { defineCommand } from "./define.ts";

/** Prints what this build is. */
export const version = defineCommand({
  name: "version",
  summary: "Show the version",
  description: "Show the version of this program, and what it was built from.",
  examples: [{ about: "show the version", line: "regsync version" }],
  needs: [],
  args: [],
  flags: VERSION_FLAGS,
  run: printVersion,
});
