/**
 * `regsync config`.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { defineCommand } from "./define.ts";

/** Prints the file as it was understood, or checks it. */
export const config = defineCommand({
  name: "config",
  summary: "Show the config",
  description:
    "Show the configuration after defaults and templates were applied.",
  examples: [
    { about: "show the config", line: "regsync config -c regsync.yml" },
    {
      about: "fail on anything that is probably not meant",
      line: "regsync config -c regsync.yml --check",
    },
  ],
  needs: [],
  args: [],
  flags: {
    check: {
      kind: "switch",
      summary:
        "Print nothing, fail on misspelt keys and steps that cannot work",
    },
    "show-secrets": {
      kind: "switch",
      summary: "Print passwords, tokens and keys",
    },
  },
  async run(io, { flags, log }) {
    const { toHosts } = await import("../../config/creds.ts");
    const { formatProblem } = await import("../../config/decode.ts");
    const { printRegsync } = await import("../../config/regsync_print.ts");
    const { loadConfig, logWarnings } = await import("./load.ts");
    const loaded = await loadConfig(flags.config, io);
    if (flags.check) {
      if (loaded.warnings.length === 0) return;
      throw new RegError(
        "config",
        loaded.warnings.map((one) => formatProblem(one, loaded.file))
          .join("\n"),
      );
    }
    logWarnings(loaded, log);
    toHosts(loaded.creds, { log });
    await io.stdout.write(
      printRegsync(loaded, { showSecrets: flags["show-secrets"] }),
    );
  },
});
