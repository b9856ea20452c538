/** What the program of probe.ts was able to do. */
import { deepStrictEqual } from "node:assert/strict";
import { mustRun } from "./process.ts";
import { tempDir } from "./temp.ts";

/**
 * Runs a probe.
 *
 * @param words The words that start it, without the folder that it may write to.
 * @returns What it says it did; that the files agree is checked.
 */
export async function tried(
  words: readonly string[],
): Promise<readonly string[]> {
  await using dir = await tempDir();
  const [program = "", ...args] = words;
  const text = await mustRun(program, [...args, dir.path], {
    env: { PROBE: "secret" },
  });
  const did = text.trim().split(" ");
  const made = (await Array.fromAsync(Deno.readDir(dir.path)))
    .map(({ name }) => name).sort();
  deepStrictEqual(made, did.filter((name) => /^(run|write)$/.test(name)));
  return did;
}
