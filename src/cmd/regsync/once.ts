/**
 * `regsync once`.
 *
 * @module
 */
import { WRITES } from "../../cli/permissions.ts";
import { defineCommand, REPORT_FLAGS } from "./define.ts";

/** Brings each image up to date once. */
export const once = defineCommand({
  name: "once",
  summary: "Process each sync command once, ignoring schedules",
  description:
    "Processes each sync command in the configuration file. A good way to run it is from a cron or CI job.",
  examples: [
    { about: "run the file", line: "regsync once -c regsync.yml" },
    {
      about: "only copy tags that the target lacks",
      line: "regsync once -c regsync.yml --missing",
    },
    {
      about: "do the first quarter of the work",
      line: "regsync once -c regsync.yml --shard 0/4",
    },
  ],
  needs: WRITES,
  args: [],
  flags: {
    ...REPORT_FLAGS,
    missing: {
      kind: "switch",
      summary: "Only copy tags that are missing on the target",
    },
  },
  async run(io, call) {
    const { runOnce } = await import("./run_once.ts");
    const action = call.flags.missing ? "missing" : "copy";
    const { interrupted } = await runOnce(io, call, action);
    return interrupted ? 1 : 0;
  },
});
