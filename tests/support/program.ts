/** Our program as a process: from source, or the executable that REGKIT_PROGRAM names. */
import { type Finished, type ProcessOptions, run } from "./process.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** The words that start one of our tools. */
export function program(tool: string): readonly [string, ...string[]] {
  const compiled = Deno.env.get("REGKIT_PROGRAM");
  if (compiled !== undefined) return [compiled, tool];
  return [
    Deno.execPath(),
    "run",
    "-A",
    "--no-check",
    "--quiet",
    // Explicit: the working folder of a test is elsewhere.
    "--config",
    `${ROOT}deno.json`,
    `${ROOT}src/main.ts`,
    tool,
  ];
}

/** Runs one of our tools to its end. */
export function ours(
  tool: string,
  args: readonly string[],
  options: ProcessOptions & { readonly stdin?: string | Uint8Array } = {},
): Promise<Finished> {
  const [command, ...before] = program(tool);
  return run(command, [...before, ...args], options);
}
