/**
 * What can be checked before a release, on one machine:
 * `deno run -A scripts/release_check.ts`. Ends with 0 when all of it held.
 *
 * @module
 */
import { VERSION } from "../src/base/version.ts";

const ROOT = new URL("../", import.meta.url);

/** A check: what it is called, and the program and words that make it. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  "the quick gate": ["task", "ok"],
  "examples in comments": ["test", "-A", "--no-check", "--doc", "src/"],
  "worked examples": ["test", "-A", "--no-check", "tests/examples"],
  "slow types, files of the package": [
    "publish",
    "--dry-run",
    "--allow-dirty",
    "--quiet",
  ],
  "bill of materials": [
    "test",
    "-A",
    "--no-check",
    "tests/scripts/sbom_test.ts",
  ],
};

/** Whether the file that people read first knows the version. */
async function isInChangelog(): Promise<boolean> {
  const text = await Deno.readTextFile(new URL("CHANGELOG.md", ROOT));
  return text.split("\n").some((line) =>
    line.startsWith(`## ${VERSION} `) || line === `## ${VERSION}`
  );
}

async function succeeds(args: readonly string[]): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return success;
}

const failed: string[] = [];
for (const [name, args] of Object.entries(CHECKS)) {
  console.log(`== ${name}`);
  if (!await succeeds(args)) failed.push(name);
}
if (!await isInChangelog()) {
  failed.push(`CHANGELOG.md says nothing of ${VERSION}`);
}
for (const name of failed) console.log(`FAILED ${name}`);
Deno.exitCode = failed.length > 0 ? 1 : 0;
