/**
 * `regbot once`.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import { WRITES } from "../../cli/permissions.ts";
import { defineCommand } from "./define.ts";

/** Runs each script once. */
export const once = defineCommand({
  name: "once",
  summary: "Run each script once",
  description:
    "Runs each script of the configuration file once, whatever its schedule. A good way to run it is from a cron or CI job.",
  examples: [
    { about: "run the scripts", line: "regbot once -c regbot.yml" },
    { about: "change nothing", line: "regbot once -c regbot.yml --dry-run" },
  ],
  needs: WRITES,
  args: [],
  flags: {},
  async run(io, { flags, log, signal }) {
    const { startPool } = await import("./start_pool.ts");
    await using pool = startPool();
    const { loadConfig, logWarnings } = await import("./load.ts");
    const { openRunner } = await import("./open_runner.ts");
    const loaded = await loadConfig(flags.config, io);
    logWarnings(loaded.config, log);
    const { scripts, defaults } = loaded.config;
    const dryRun = flags["dry-run"];
    await using opened = await openRunner(loaded, io, { log, dryRun, pool });
    const errors: unknown[] = [];
    const run = (script: typeof scripts[number]) =>
      opened.runner.run(script, signal).catch((error) => errors.push(error));
    if ((defaults.parallel ?? 0) > 0) await Promise.all(scripts.map(run));
    else {
      for (const script of scripts) {
        if (!signal.aborted) await run(script);
      }
    }
    if (errors.length > 0) throw failure(errors);
    return signal.aborted ? 1 : 0;
  },
});

/** All errors as one, each on a line of its own. */
export function failure(errors: readonly unknown[]): RegError {
  return new RegError("partial", errors.map(messageOf).join("\n"), {
    cause: errors[0],
  });
}
