/**
 * Reads the configuration that the command line names.
 *
 * @module
 */
import type { Log } from "../../base/log.ts";
import type { Io } from "../../cli/io.ts";
import type { TemplateSources } from "../../config/expand.ts";
import { loadRegsync, type RegsyncConfig } from "../../config/regsync.ts";
import { readConfigText } from "../config_text.ts";

/** What templates in the file may read: the environment and all files. */
export function templateSources(io: Io): TemplateSources {
  return { env: io.env, readFile: (path) => Deno.readFileSync(path) };
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
): Promise<RegsyncConfig> {
  const { text, name } = await readConfigText(path, io);
  return loadRegsync(text, {
    ...templateSources(io),
    file: name,
  });
}

/**
 * Gives up writing files, unless a step may copy into a layout.
 *
 * @throws {RegError} `denied` where that was given up before, by another file.
 */
export function settleWrites(config: RegsyncConfig, io: Io): void {
  // What has a template before its first slash may become any reference.
  const isLayout = (text = "") => /^[^/:]*\{\{|ocidir:/.test(text);
  io.permissions?.settle(
    "write",
    config.sync.some(({ target, backup, referrerTarget }) =>
      [target, backup, referrerTarget].some(isLayout)
    ),
  );
}

/** Logs what is probably not meant. */
export function logWarnings(config: RegsyncConfig, log: Log): void {
  for (const { at, path, message } of config.warnings) {
    log.warn("Configuration is probably wrong", {
      at: `${config.file}:${at.line}:${at.column}`,
      key: path,
      problem: message,
    });
  }
}
