/**
 * `regbot server`.
 *
 * @module
 */
import { messageOf } from "../../base/errors.ts";
import { WRITES } from "../../cli/permissions.ts";
import { defineCommand } from "./define.ts";
import { failure } from "./once.ts";

/** Runs scripts on their schedules until it is told to stop. */
export const server = defineCommand({
  name: "server",
  summary: "Run the regbot server",
  description:
    "Runs the scripts on their schedule or interval. SIGHUP reads the file again.",
  examples: [{ about: "run the server", line: "regbot server -c regbot.yml" }],
  needs: WRITES,
  args: [],
  flags: {},
  async run(io, { flags, log, signal }) {
    const { loadConfig, logWarnings } = await import("./load.ts");
    const { checkSchedules } = await import("../../config/regbot.ts");
    const { ScriptServer } = await import("./serve_scripts.ts");
    const load = async () => {
      const loaded = await loadConfig(flags.config, io);
      checkSchedules(loaded.config);
      logWarnings(loaded.config, log);
      return loaded;
    };
    const dryRun = flags["dry-run"];
    await using scripts = new ScriptServer(io, { log, dryRun });
    await scripts.serve(await load());
    using _hangup = io.onHangup?.(async () => {
      try {
        const changed = await load();
        await scripts.serve(changed);
        log.info("Config is reloaded", {
          scripts: changed.config.scripts.length,
        });
      } catch (error) {
        log.error("Failed to reload config, keeping the old one", {
          error: messageOf(error),
        });
      }
    });
    const errors = await scripts.wait(signal);
    if (errors.length === 0) return 0;
    // An interruption would hide what failed before it.
    io.stderr.writeSync(`${failure(errors).message}\n`);
    return 1;
  },
});
