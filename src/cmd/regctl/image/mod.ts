/**
 * `regctl image`.
 *
 * @module
 */
import type { Node } from "../../../cli/command.ts";
import { imageDelete, imageDigest, imageManifest } from "../manifest.ts";
import { checkBaseCommand } from "./check_base.ts";
import { copy } from "./copy.ts";
import { create } from "./create.ts";
import { exportCommand } from "./export.ts";
import { getFile } from "./get_file.ts";
import { importCommand } from "./import.ts";
import { inspect } from "./inspect.ts";
import { modify } from "./modify.ts";
import { ratelimit } from "./ratelimit.ts";

/** The commands for images. */
export const imageCommands: readonly Node[] = [
  checkBaseCommand,
  copy,
  create,
  imageDelete,
  imageDigest,
  exportCommand,
  getFile,
  importCommand,
  inspect,
  imageManifest,
  modify,
  ratelimit,
];
