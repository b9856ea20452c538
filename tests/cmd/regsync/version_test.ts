import { match, strictEqual } from "node:assert/strict";
import { regsync } from "../../../src/cmd/regsync/mod.ts";
import { cli } from "../../support/cli.ts";

Deno.test("version prints what this build is", async () => {
  const { exit, stdout } = await cli(regsync, ["version"]);
  strictEqual(exit, 0);
  match(stdout, /^VCSTag: {5}v\d+\.\d+\.\d+/);
});
