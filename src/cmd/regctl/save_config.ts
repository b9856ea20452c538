/**
 * Saves regctl's own configuration, or says what would be saved.
 *
 * @module
 */
import type { Io } from "../../cli/io.ts";
import {
  configToJson,
  HOST_SECRETS,
  type RegctlConfig,
  saveRegctlConfig,
} from "../../config/regctl.ts";

/** The configuration before and after a command. */
export interface ConfigChange {
  /** As it is. */
  readonly before: RegctlConfig;
  /** As it shall be. */
  readonly after: RegctlConfig;
}

/** The call of a command that changes the configuration. */
interface SaveCall {
  readonly flags: { readonly "dry-run"?: boolean };
  readonly signal: AbortSignal;
}

/** Saves a configuration; in a dry run prints a line for each setting that would change. */
export async function saveConfig(
  io: Io,
  { flags, signal }: SaveCall,
  { before, after }: ConfigChange,
): Promise<void> {
  if (!flags["dry-run"]) {
    // Who asks is not ended in the middle, which would leave half a file, with
    // its secrets, beside the other.
    signal.throwIfAborted();
    return await saveRegctlConfig(after);
  }
  const old = settings(configToJson(before));
  const made = settings(configToJson(after));
  for (const name of new Set([...old.keys(), ...made.keys()])) {
    const value = made.get(name);
    if (value === old.get(name)) continue;
    const isSecret = HOST_SECRETS.some((key) => name.endsWith(`.${key}`));
    const what = value === undefined
      ? `remove ${name}`
      : isSecret
      ? `set ${name}`
      : `set ${name} to ${value}`;
    await io.stdout.write(`would ${what} in ${after.path}\n`);
  }
}

/** Each setting of a configuration as JSON, by its path. */
function settings(json: unknown, path = ""): Map<string, string> {
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    return new Map([[path, JSON.stringify(json)]]);
  }
  return new Map(
    Object.entries(json).flatMap(([key, value]) => [
      ...settings(value, path === "" ? key : `${path}.${key}`),
    ]),
  );
}
