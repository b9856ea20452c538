/**
 * Makes the environment that the scripts of a file run in.
 *
 * @module
 */
import type { Log } from "../../base/log.ts";
import type { Io } from "../../cli/io.ts";
import type { RegbotAllow } from "../../config/regbot.ts";
import type { LuaPool } from "../../lua/pool.ts";
import { openClient } from "../open_client.ts";
import type { LoadedConfig } from "./load.ts";
import { usesFiles } from "./reach.ts";
import { ScriptRunner } from "./script_runner.ts";

/** Options for {@linkcode openRunner}. */
export interface OpenRunnerOptions {
  /** Where events go. */
  readonly log: Log;
  /** Whether nothing may be changed. */
  readonly dryRun: boolean;
  /** What the scripts that will run may reach. @default {the lists of the file's scripts} */
  readonly allow?: readonly RegbotAllow[];
  /** See {@linkcode ScriptRunnerOptions}. */
  readonly pool?: LuaPool | undefined;
}

/** A runner with the connections it uses. Dispose it at the end. */
export interface OpenedRunner extends AsyncDisposable {
  /** Runs scripts. */
  readonly runner: ScriptRunner;
}

/** Reads logins and makes a client; sends nothing. */
export async function openRunner(
  loaded: LoadedConfig,
  io: Io,
  options: OpenRunnerOptions,
): Promise<OpenedRunner> {
  const { log, dryRun, pool } = options;
  const { config, files } = loaded;
  const { allow = config.scripts.map((script) => script.allow) } = options;
  io.permissions?.settle(
    "write",
    allow.some((lists) => usesFiles(lists, { env: io.env, files })),
  );
  const parallel = Math.max(1, config.defaults.parallel ?? 0);
  log.debug("Configuring parallel settings", { concurrent: parallel });
  const stack = new AsyncDisposableStack();
  const client = stack.use(
    await openClient(config, io, { tool: "regbot", log }),
  );
  const runner = stack.use(
    new ScriptRunner(io, { client, log, dryRun, parallel, files, pool }),
  );
  return { runner, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
