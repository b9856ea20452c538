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

Deno.test("printVersion() says what the program may do where asked for more", async () => {
  const permissions = {
    granted: () => ["read"],
    givenUp: new Set(["run", "net"]),
    settle: () => {},
  };
  const { stdout } = await cli(regctl, ["version", "-v"], { permissions });
  match(stdout, /\nGranted: {4}read\nGivenUp: {4}net run\n$/);
  const plain = await cli(regctl, ["version"], { permissions });
  strictEqual(/Granted/.test(plain.stdout), false);
});
