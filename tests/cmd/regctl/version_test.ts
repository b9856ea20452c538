import { match, strictEqual } from "node:assert/strict";
import { regctl } from "../../../src/cmd/regctl/mod.ts";
import { cli } from "../../support/cli.ts";

Deno.test("regctl version prints the facts of the build", async () => {
  const { exit, stdout, stderr } = await cli(regctl, ["version"]);
  strictEqual(exit, 0);
  match(stdout, /^VCSTag: {5}v\d/);
  strictEqual(stderr, "");
});
