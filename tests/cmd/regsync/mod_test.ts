import { match, strictEqual } from "node:assert/strict";
import { regsync } from "../../../src/cmd/regsync/mod.ts";
import { cli } from "../../support/cli.ts";

Deno.test("regsync prints its commands, and ends 1 where a command line makes no sense", async () => {
  const help = await cli(regsync, []);
  strictEqual(help.exit, 0);
  for (const command of ["check", "config", "once", "schema", "server"]) {
    match(help.stdout, new RegExp(`^ {2}${command}\\b`, "m"));
  }
  for (
    const [argv, message] of [
      [["bogus"], /unknown command "bogus" for "regsync"/],
      [["once", "--bogus"], /unknown flag: --bogus/],
      [["once", "-v", "foo", "-c", "/nonexistent"], /verbosity/],
      [["check", "x"], /accepts .*0 arg\(s\), received 1/],
    ] as const
  ) {
    const { exit, stderr } = await cli(regsync, argv);
    strictEqual(exit, 1);
    match(stderr, message);
    strictEqual(stderr.startsWith("error:"), false);
  }
});
