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
import type { TemplateSources } from "../../config/expand.ts";
import { loadRegsync, type RegsyncConfig } from "../../config/regsync.ts";

/** The largest file, in bytes. */
const LARGEST = 16 * 1024 * 1024;

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
  if (path === undefined) {
    throw new UsageError('required flag(s) "config" not set');
  }
  if (path === "") throw new UsageError("required input missing");
  const text = await readText(path, io);
  return loadRegsync(text, {
    ...templateSources(io),
    file: path === "-" ? "stdin" : path,
  });
}

async function readText(path: string, io: Io): Promise<string> {
  try {
    const bytes = path === "-"
      ? await collect(io.stdin.stream(), LARGEST)
      : await readFile(path);
    return new TextDecoder().decode(bytes);
  } catch (cause) {
    if (isRegError(cause)) throw cause;
    throw new RegError("file", `open ${path}: ${reason(cause)}`, { cause });
  }
}

async function readFile(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  return await collect(file.readable, LARGEST);
}

/** The reason in the words of the system, as upstream prints it. */
function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or directory";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return messageOf(error);
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
