import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { cli } from "../support/cli.ts";
import { sample } from "./sample_tool.ts";

Deno.test("every tool has a completion command with a script for four shells", async () => {
  for (const shell of ["bash", "fish", "powershell", "zsh"]) {
    const { exit, stdout } = await cli(sample, ["completion", shell]);
    strictEqual(exit, 0);
    match(stdout, /sample __complete (--|'--') /);
    strictEqual(/sample complete /.test(stdout), false);
  }
  match(
    (await cli(sample, ["completion", "zsh", "--no-descriptions"])).stdout,
    /sample __completeNoDesc -- /,
  );
  const wrong = await cli(sample, ["completion", "tcsh"]);
  deepStrictEqual([wrong.exit, wrong.stderr.split("\n")[0]], [
    2,
    'error: unknown shell "tcsh"',
  ]);
});

Deno.test("the hidden command answers with candidates, and never fails", async () => {
  const ask = async (...words: string[]) => (await cli(sample, words)).stdout;
  strictEqual(await ask("__complete", "--", "gr"), "group\ta group\n:4\n");
  strictEqual(await ask("__complete", "gr"), "group\ta group\n:4\n");
  strictEqual(await ask("__completeNoDesc", "--", "gr"), "group\n:4\n");
  strictEqual(
    await ask("__complete", "--", "nonsense", "x", "--bogus", ""),
    ":4\n",
  );
});
