/**
 * `regsync server`.
 *
 * @module
 */
import { messageOf } from "../../base/errors.ts";
import { WRITES } from "../../cli/permissions.ts";
import { defineCommand, RUN_FLAGS } from "./define.ts";

/** Runs steps on their schedules until it is told to stop. */
export const server = defineCommand({
  name: "server",
  summary: "Run the regsync server",
  description:
    "Sync commands run on their schedule or interval; images that are missing on the target are copied at the start. SIGHUP reads the file again.",
  examples: [
    { about: "run the server", line: "regsync server -c regsync.yml" },
  ],
  needs: WRITES,
  args: [],
  flags: RUN_FLAGS,
  async run(io, { flags, log, signal }) {
    const { failure } = await import("./run_once.ts");
    const { Server } = await import("./serve_steps.ts");
    const { parseShard } = await import("./shard.ts");
    const { loadConfig, logWarnings, settleWrites } = await import("./load.ts");
    const shard = flags.shard === undefined
      ? undefined
      : parseShard(flags.shard);
    const load = async () => {
      const loaded = await loadConfig(flags.config, io);
      settleWrites(loaded, io);
      return loaded;
    };
    const config = await load();
    logWarnings(config, log);
    await using steps = await Server.open(config, io, {
      log,
      shard,
      abortOnError: flags["abort-on-error"],
    });
    using _hangup = io.onHangup?.(async () => {
      try {
        const changed = await load();
        logWarnings(changed, log);
        await steps.reload(changed);
      } catch (error) {
        log.error("Failed to reload config, keeping the old one", {
          error: messageOf(error),
        });
      }
    });
    const errors = await steps.run(signal);
    if (errors.length > 0 && signal.aborted) {
      for (const error of errors) io.stderr.writeSync(`${messageOf(error)}\n`);
      return 1;
    }
    if (errors.length > 0) throw failure(errors);
    return 0;
  },
});
