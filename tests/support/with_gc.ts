/** Programs that measure what is left after garbage is collected. */
import { mustRun } from "./process.ts";

/** Runs a file of this folder in a process that can collect garbage: the numbers of its lines. */
export async function runWithGc(name: string): Promise<number[][]> {
  const output = await mustRun(Deno.execPath(), [
    "run",
    "-A",
    "--no-check",
    "--quiet",
    "--v8-flags=--expose-gc",
    new URL(name, import.meta.url).pathname,
  ]);
  return output.trim().split("\n").map((line) => line.split(" ").map(Number));
}
