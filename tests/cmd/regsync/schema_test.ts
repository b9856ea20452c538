import { strictEqual } from "node:assert/strict";
import { regsync } from "../../../src/cmd/regsync/mod.ts";
import { cli } from "../../support/cli.ts";

Deno.test("schema prints the files of the repository", async () => {
  for (
    const [argv, name] of [
      [["schema"], "regsync.schema.json"],
      [["schema", "--report"], "report.schema.json"],
    ] as const
  ) {
    const { exit, stdout } = await cli(regsync, argv);
    strictEqual(exit, 0);
    strictEqual(
      stdout,
      await Deno.readTextFile(
        new URL(`../../../schema/${name}`, import.meta.url),
      ),
    );
  }
});
