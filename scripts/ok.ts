/**
 * The quick gate before every commit: `deno task ok`.
 *
 * @module
 */

const STEPS: readonly (readonly [name: string, ...args: string[]])[] = [
  ["format", "fmt", "--check", "--quiet"],
  ["lint", "lint", "--quiet"],
  ["types", "check", "--quiet", "src", "tests", "scripts"],
  ["doc lint", "doc", "--lint", "--quiet", "src/mod.ts"],
  [
    "unit tests",
    "test",
    "-A",
    "--quiet",
    "--parallel",
    "--no-check",
    "tests/",
    "--ignore=tests/integration,tests/e2e",
  ],
];

let failed = 0;
for (const [name, ...args] of STEPS) {
  const started = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${success ? "ok" : "FAILED"}  ${name}  ${seconds} s`);
  if (success) continue;
  failed++;
  await Deno.stdout.write(stdout);
  await Deno.stderr.write(stderr);
}
Deno.exitCode = failed === 0 ? 0 : 1;
