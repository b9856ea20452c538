/**
 * `regctl image`.
 *
 * @module
 */
import type { Node } from "../../../cli/command.ts";
import { imageDelete, imageDigest, imageManifest } from "../manifest.ts";
import { copy } from "./copy.ts";
import { inspect } from "./inspect.ts";
import { ratelimit } from "./ratelimit.ts";

/** The commands for images. */
export const imageCommands: readonly Node[] = [
  copy,
  imageDelete,
  imageDigest,
  inspect,
  imageManifest,
  ratelimit,
];
