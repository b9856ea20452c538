/**
 * `regbot run`.
 *
 * @module
 */
import type { Log } from "../../base/log.ts";
import { parseDuration } from "../../base/duration.ts";
import type { Io } from "../../cli/io.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { WRITES } from "../../cli/permissions.ts";
import { readText } from "../config_text.ts";
import { defineCommand } from "./define.ts";
import type { LoadedConfig } from "./load.ts";

/** Runs one script from a file of its own. */
export const run = defineCommand({
  name: "run",
  summary: "Run one script from a file",
  description:
    "Runs a file with a script in Lua. What follows -- is seen by it as the table args. With --config, logins and defaults are those of that file.",
  examples: [
    {
      about: "run a script",
      line: "regbot run cleanup.lua -- repository=ghcr.io/acme/app keep=5",
    },
  ],
  needs: WRITES,
  args: ["file", "[settings...]"],
  completes: ["file"],
  flags: {
    "script-timeout": {
      kind: "text",
      value: "DURATION",
      summary: "Time after which the script is ended, such as 10m",
    },
  },
  async run(io, { args: [file, settings], flags, log, signal }) {
    const { startPool } = await import("./start_pool.ts");
    await using pool = startPool();
    const loaded = flags.config === undefined
      ? NO_CONFIG
      : await readConfig(flags.config, io, log);
    const { openRunner } = await import("./open_runner.ts");
    const { defaults } = loaded.config;
    const script = await readText(file, io);
    const timeout = flags["script-timeout"];
    const dryRun = flags["dry-run"];
    const allow = defaults.allow ?? {};
    await using opened = await openRunner(loaded, io, {
      log,
      dryRun,
      allow: [allow],
      pool,
    });
    await opened.runner.run({
      name: file,
      // A first line for the shell is no Lua.
      script: script.replace(/^#[^\n]*/, ""),
      chunk: file,
      timeout: timeout === undefined
        ? defaults.timeout ?? 0n
        : parseDuration(timeout),
      args: { ...defaults.args, ...Object.fromEntries(settings.map(setting)) },
      allow,
    }, signal);
  },
});

/** What a file without a word comes to. */
const NO_CONFIG: LoadedConfig = {
  config: { creds: [], defaults: {}, scripts: [], warnings: [], file: "" },
  files: [],
};

async function readConfig(
  path: string,
  io: Io,
  log: Log,
): Promise<LoadedConfig> {
  // Loaded here: a script alone needs no parser of files.
  const { loadConfig, logWarnings } = await import("./load.ts");
  const loaded = await loadConfig(path, io);
  logWarnings(loaded.config, log);
  return loaded;
}

function setting(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(
    `Cannot read ${JSON.stringify(text)}: expected KEY=VALUE`,
  );
}
