/**
 * Reads the configuration that the command line names.
 *
 * @module
 */
import { isRegError, messageOf, RegError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { collect } from "../../base/streams.ts";
import type { Io } from "../../cli/io.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { loadRegbot, type RegbotConfig } from "../../config/regbot.ts";

/** The largest file, in bytes. */
const LARGEST = 16 * 1024 * 1024;

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
  if (path === undefined) {
    throw new UsageError('required flag(s) "config" not set');
  }
  if (path === "") throw new UsageError("required input missing");
  const text = new TextDecoder().decode(await readInput(path, io));
  const files = path === "-" ? [] : [path];
  const config = loadRegbot(text, {
    env: io.env,
    readFile: (path) => {
      files.push(path);
      return Deno.readFileSync(path);
    },
    file: path === "-" ? "stdin" : path,
  });
  return { config, files };
}

/** Reads a file, or the standard input. */
export async function readInput(path: string, io: Io): Promise<Uint8Array> {
  try {
    if (path === "-") return await collect(io.stdin.stream(), LARGEST);
    using file = await Deno.open(path);
    return await collect(file.readable, LARGEST);
  } catch (cause) {
    if (isRegError(cause)) throw cause;
    throw new RegError("file", `open ${path}: ${reason(cause)}`, { cause });
  }
}

/** The reason in the words of the system, as upstream prints it. */
function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or directory";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return messageOf(error);
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
