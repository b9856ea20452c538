/**
 * `regbot check`.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import type { RegbotScript } from "../../config/regbot.ts";
import { silent } from "../../base/log.ts";
import { defineCommand } from "./define.ts";

/** Looks at a file and its scripts without running them. */
export const check = defineCommand({
  name: "check",
  summary: "Check the config and the syntax of its scripts",
  description:
    "Reads the configuration file and parses every script. Nothing is run and nothing is sent.",
  examples: [{ about: "check a file", line: "regbot check -c regbot.yml" }],
  needs: [],
  args: [],
  flags: {},
  async run(io, { flags, log }) {
    const { checkSchedules } = await import("../../config/regbot.ts");
    const { loadConfig, logWarnings } = await import("./load.ts");
    const { ScriptRunner } = await import("./script_runner.ts");
    const { Client } = await import("../../registry/open.ts");
    const { config, files } = await loadConfig(flags.config, io);
    logWarnings(config, log);
    const problems: string[] = [];
    try {
      checkSchedules(config);
    } catch (error) {
      problems.push(messageOf(error));
    }
    // Nothing is sent: no logins are read, no helper is asked.
    await using client = new Client();
    await using runner = new ScriptRunner(io, {
      client,
      log: silent,
      dryRun: true,
      parallel: 1,
      files,
    });
    for (const script of config.scripts) {
      const message = await runner.check(script.script);
      if (message === undefined) continue;
      problems.push(`${config.file}:${place(script, message)}`);
    }
    if (problems.length > 0) throw new RegError("config", problems.join("\n"));
  },
});

/** The line in the file, the script and what is wrong. */
function place(script: RegbotScript, message: string): string {
  const [, line = "1", what = message] = /^:?(\d+): ([\s\S]*)$/.exec(message) ??
    [];
  const name = JSON.stringify(script.name);
  return `${script.lineBefore + Number(line)}: script ${name}: ${what}`;
}
