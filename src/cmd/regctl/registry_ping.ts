/**
 * Asks a registry whether it is there, as several commands do at their end.
 *
 * @module
 */
import { isAbort, isRegError, messageOf, RegError } from "../../base/errors.ts";
import type { Io } from "../../cli/io.ts";
import type { RegctlCall } from "./define.ts";
import { openSession } from "./session.ts";

/** Options for {@linkcode pingRegistry}. */
export interface PingOptions {
  /** What to log at `WARN` where it fails. */
  readonly warning?: string;
}

/**
 * Pings with the settings as they are saved now.
 *
 * @throws {RegError} with the code of what failed.
 */
export async function pingRegistry(
  io: Io,
  call: RegctlCall & { readonly registry: string },
  options: PingOptions = {},
): Promise<Headers> {
  const { registry, signal, flags } = call;
  // Whoever asks whether a registry is there waits for the answer.
  const { retries = 0 } = flags;
  await using session = openSession(io, {
    ...call,
    flags: { ...flags, retries },
  });
  try {
    return await (await session.client()).ping(registry, { signal });
  } catch (error) {
    if (isAbort(error)) throw error;
    if (options.warning !== undefined) call.log.warn(options.warning);
    const code = isRegError(error) ? error.code : "network";
    throw new RegError(
      code,
      `failed to ping registry ${registry}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
