/** The program in a root of its own: bubblewrap, no shell, nothing to write. */
import {
  type Architecture,
  programOf,
  writeLibraries,
} from "../../scripts/scratch_root.ts";
import { peer } from "./peers.ts";

/** The names of the tools. */
export const TOOLS = ["regctl", "regsync", "regbot"];

/** Whether the program has been compiled for a processor. */
export function isCompiled(architecture: Architecture): boolean {
  try {
    return Deno.statSync(programOf(architecture)).isFile;
  } catch {
    console.log(`skipped: ${programOf(architecture)} not found (compile it)`);
    return false;
  }
}

/** Makes a root with the program, its seven libraries and a place for /proc. */
export async function writeRoot(
  root: string,
  architecture: Architecture,
): Promise<void> {
  await writeLibraries(root, architecture);
  await Deno.copyFile(programOf(architecture), `${root}/regkit`);
  for (const tool of TOOLS) await Deno.symlink("regkit", `${root}/${tool}`);
  await Deno.mkdir(`${root}/proc`);
}

/** Options for {@linkcode sandboxed}. */
export interface SandboxOptions {
  /** The user. @default {65532} */
  readonly uid?: number;
  /** What bubblewrap is told besides. */
  readonly extra?: readonly string[];
}

/**
 * The words that run a program as process 1 of a root that cannot be written,
 * with an empty environment and the network of this machine.
 */
export function sandboxed(
  root: string,
  words: readonly string[],
  options: SandboxOptions = {},
): readonly [string, ...string[]] {
  const { uid = 65532, extra = [] } = options;
  return [
    peer("bwrap"),
    "--unshare-all",
    "--share-net",
    "--as-pid-1",
    "--die-with-parent",
    "--ro-bind",
    root,
    "/",
    "--proc",
    "/proc",
    "--clearenv",
    "--uid",
    `${uid}`,
    "--gid",
    `${uid}`,
    ...extra,
    ...words,
  ];
}
