/**
 * Reads the configuration that the command line names.
 *
 * @module
 */
import type { Log } from "../../base/log.ts";
import type { Io } from "../../cli/io.ts";
import { loadRegbot, type RegbotConfig } from "../../config/regbot.ts";
import { readConfigText } from "../config_text.ts";

/** A configuration, and the files that hold its logins and settings. */
export interface LoadedConfig {
  /** The configuration. */
  readonly config: RegbotConfig;
  /** The configuration itself and what its templates read: out of reach of scripts. */
  readonly files: readonly string[];
}

/**
 * Reads and checks the file.
 *
 * @param path The value of `--config`.
 * @throws {RegError} `config`, `file`, `usage`.
 */
export async function loadConfig(
  path: string | undefined,
  io: Io,
): Promise<LoadedConfig> {
  const { text, name, path: file } = await readConfigText(path, io);
  const files = file === undefined ? [] : [file];
  const config = loadRegbot(text, {
    env: io.env,
    readFile: (path) => {
      files.push(path);
      return Deno.readFileSync(path);
    },
    file: name,
  });
  return { config, files };
}

/** Logs what is probably not meant. */
export function logWarnings(config: RegbotConfig, log: Log): void {
  for (const { at, path, message } of config.warnings) {
    log.warn("Configuration is probably wrong", {
      at: `${config.file}:${at.line}:${at.column}`,
      key: path,
      problem: message,
    });
  }
}
