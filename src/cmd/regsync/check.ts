/**
 * `regsync check`.
 *
 * @module
 */
import { READS } from "../../cli/permissions.ts";
import { defineCommand, REPORT_FLAGS } from "./define.ts";

/** The exit status of `--exit-code` where an image is missing or differs. */
const STALE = 3;

/** Looks at each image once and copies nothing. */
export const check = defineCommand({
  name: "check",
  summary: "Process each sync command once but skip actual copy",
  description:
    "Processes each sync command in the configuration file in order. No images are copied; those that are missing or differ are reported.",
  examples: [
    {
      about: "report missing and stale images",
      line: "regsync check -c regsync.yml",
    },
    {
      about: "fail with status 3 where something is stale",
      line: "regsync check -c regsync.yml --exit-code",
    },
  ],
  needs: READS,
  args: [],
  flags: {
    ...REPORT_FLAGS,
    "exit-code": {
      kind: "switch",
      summary: "Exit with 3 where an image is missing or differs",
    },
  },
  async run(io, call) {
    const { runOnce } = await import("./run_once.ts");
    const { interrupted, stale } = await runOnce(io, call, "check");
    if (interrupted) return 1;
    return stale && call.flags["exit-code"] ? STALE : 0;
  },
});
