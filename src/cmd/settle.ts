/**
 * Gives up what a command does not need once its configuration is known.
 *
 * @module
 */
import type { Io } from "../cli/io.ts";
import type { HostConfig } from "../registry/http/hosts.ts";

/**
 * Gives up running programs, unless a login comes from a credential helper.
 *
 * @throws {RegError} `denied` where that was given up before, by another
 * configuration.
 */
export function settleHelpers(
  io: Io,
  hosts: readonly (Partial<HostConfig> | undefined)[],
): void {
  const isHelped = hosts.some((host) => (host?.credHelper ?? "") !== "");
  io.permissions?.settle("run", isHelped);
}
