/**
 * Reads the text of the file that `--config` names.
 *
 * @module
 */
import { isRegError, RegError } from "../base/errors.ts";
import { collect } from "../base/streams.ts";
import { systemReason } from "../base/system_reason.ts";
import type { Io } from "../cli/io.ts";
import { isStandardInput } from "../cli/standard_path.ts";
import { UsageError } from "../cli/usage_error.ts";

/** The largest file, in bytes. */
const LARGEST = 16 * 1024 * 1024;

/** The text of a configuration. */
export interface ConfigText {
  /** The text. */
  readonly text: string;
  /** How messages name it. */
  readonly name: string;
  /** Its path; absent where it came from the standard input. */
  readonly path?: string;
}

/**
 * Reads a configuration.
 *
 * @param path The value of `--config`; `-` is the standard input.
 * @throws {RegError} `usage` where there is none, `file`, `limit`.
 */
export async function readConfigText(
  path: string | undefined,
  io: Io,
): Promise<ConfigText> {
  if (path === undefined) {
    throw new UsageError('required flag(s) "config" not set');
  }
  if (path === "") throw new UsageError("required input missing");
  const text = await readText(path, io);
  return isInput(path) ? { text, name: "stdin" } : { text, name: path, path };
}

/** Reads a file, or the standard input. */
export async function readText(path: string, io: Io): Promise<string> {
  try {
    const bytes = isInput(path)
      ? await collect(io.stdin.stream(), LARGEST)
      : await readFile(path);
    return new TextDecoder().decode(bytes);
  } catch (cause) {
    if (isRegError(cause)) throw cause;
    throw new RegError("file", `open ${path}: ${systemReason(cause)}`, {
      cause,
    });
  }
}

function isInput(path: string): boolean {
  return path === "-" || isStandardInput(path);
}

async function readFile(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  return await collect(file.readable, LARGEST);
}
