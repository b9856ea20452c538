/** Our program as a process: from source, or the executable that REGKIT_PROGRAM names. */
import { type Finished, mustRun, type ProcessOptions, run } from "./process.ts";

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

/**
 * Variables that the program needs in a test's own environment: where Deno keeps
 * the packages that the sources use, which would follow HOME otherwise; and no
 * looking for a newer Deno, which fixes the trusted roots before we name them.
 */
export const programEnv: Readonly<Record<string, string>> = await (async () => {
  if (Deno.env.has("REGKIT_PROGRAM")) return {};
  const info = await mustRun(Deno.execPath(), ["info", "--json"]);
  return { DENO_DIR: JSON.parse(info).denoDir, DENO_NO_UPDATE_CHECK: "1" };
})();

/** Runs one of our tools to its end. */
export function ours(
  tool: string,
  args: readonly string[],
  options: ProcessOptions & { readonly stdin?: string | Uint8Array } = {},
): Promise<Finished> {
  const [command, ...before] = program(tool);
  const env = { ...programEnv, ...options.env };
  return run(command, [...before, ...args], { ...options, env });
}
