/**
 * Reads the config of an image for the commands that show it.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { Descriptor, Source } from "../../registry/core.ts";
import { readBlob, type ReadBlobOptions } from "../../registry/image.ts";

/** The largest config that is shown, in bytes. */
const LARGEST = 8 * 1024 * 1024;

/** A config as it came. */
export interface ConfigBlob {
  /** Its bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its text, which is valid JSON. */
  readonly text: string;
}

/**
 * Reads a config.
 *
 * @throws {RegError} `invalid` where it is no JSON, and all that reading throws.
 */
export async function readConfig(
  source: Source,
  node: Descriptor,
  options: Omit<ReadBlobOptions, "limit"> = {},
): Promise<ConfigBlob> {
  const bytes = await readBlob(source, node, { ...options, limit: LARGEST });
  const text = new TextDecoder().decode(bytes);
  try {
    JSON.parse(text);
  } catch {
    throw new RegError(
      "invalid",
      `Cannot read config ${node.digest} of "${source.name}": no valid JSON`,
    );
  }
  return { bytes, text };
}
