/**
 * The quick gate before every commit: `deno task ok`. Under twenty seconds on
 * an idle machine; what takes longer belongs to `deno task test`.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };
import { unitTests } from "./unit_tests.ts";

interface Step {
  /** What it is called in the output. */
  readonly name: string;
  /** The arguments of `deno`. */
  readonly args: readonly string[];
}

/** Steps that read only: they run side by side. */
const CHECKS: readonly Step[] = [
  { name: "format", args: ["fmt", "--check", "--quiet"] },
  { name: "lint", args: ["lint", "--quiet"] },
  {
    name: "types",
    args: ["check", "--quiet", "src", "tests", "scripts", "bench"],
  },
  // Together, as they are published: what one names another may export.
  {
    name: "doc lint",
    args: ["doc", "--lint", "--quiet", ...Object.values(config.exports)],
  },
];

const TESTS: Step = {
  name: "unit tests",
  args: [
    "test",
    "-A",
    "--quiet",
    "--parallel",
    "--no-check",
    "--reporter=dot",
    ...await unitTests(),
  ],
};

/** The generated pages, once there is a program to generate them from. */
const PAGES: Step = {
  name: "generated pages",
  args: ["run", "-A", "--no-check", "scripts/docs.ts", "--check"],
};

async function passes({ name, args }: Step): Promise<boolean> {
  const started = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdout: "piped",
    stderr: "piped",
  }).output();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${success ? "ok" : "FAILED"}  ${name}  ${seconds} s`);
  if (success) return true;
  await Deno.stdout.write(stdout);
  await Deno.stderr.write(stderr);
  return false;
}

const hasPages = await Deno.stat("scripts/docs.ts").then(
  () => true,
  () => false,
);
const checks = await Promise.all(
  (hasPages ? [...CHECKS, PAGES] : CHECKS).map(passes),
);
// Alone, so that tests with many processes do not compete with the compiler.
const tested = await passes(TESTS);
Deno.exitCode = checks.every(Boolean) && tested ? 0 : 1;
