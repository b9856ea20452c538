import { match, strictEqual } from "node:assert/strict";
import { regsync } from "../../../src/cmd/regsync/mod.ts";
import { cli } from "../../support/cli.ts";

Deno.test("version prints what this build is", async () => {
  const { exit, stdout } = await cli(regsync, ["version"]);
  strictEqual(exit, 0);
  match(stdout, /^VCSTag: {5}v\d+\.\d+\.\d+/);
});

Deno.test("version prints what a template asks for", async () => {
  const { stdout } = await cli(regsync, [
    "version",
    "--format",
    "{{.VCSTag}}|{{.Platform}}",
  ]);
  match(stdout, /^v\d+\.\d+\.\d+\|linux\/|^v.*\|/);
  const bad = await cli(regsync, ["version", "--format", "{{.Nope}}"]);
  strictEqual(bad.exit, 1);
  match(bad.stderr, /template: out:1:2: executing "out" at <\.Nope>/);
});
