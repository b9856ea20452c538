import { match, strictEqual } from "node:assert/strict";
import { regbot } from "../../src/cmd/regbot/mod.ts";
import { regctl } from "../../src/cmd/regctl/mod.ts";
import { regsync } from "../../src/cmd/regsync/mod.ts";
import { cli } from "../support/cli.ts";

Deno.test("printVersion() serves every tool, with the flags for formats", async () => {
  for (const tool of [regctl, regsync, regbot]) {
    const plain = await cli(tool, ["version"]);
    match(plain.stdout, /^VCSTag: {5}v\d+\.\d+\.\d+/);
    const { stdout } = await cli(tool, ["version", "--format", "{{.VCSTag}}"]);
    match(stdout, /^v\d+\.\d+\.\d+$/);
    const json = await cli(tool, ["version", "--output", "json"]);
    match(JSON.parse(json.stdout).vcsTag, /^v\d/);
    const bad = await cli(tool, ["version", "--format", "{{.Nope}}"]);
    strictEqual(bad.exit === 0, false);
  }
});
