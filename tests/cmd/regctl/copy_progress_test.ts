import { strictEqual } from "node:assert/strict";
import { watchCopy } from "../../../src/cmd/regctl/copy_progress.ts";
import { image } from "../../support/images.ts";
import { memoryIo } from "../../support/cli.ts";
import { bench } from "../../support/regctl.ts";

Deno.test("a copy shows its totals on a terminal, on the standard error alone", async () => {
  await using b = await bench();
  const source = await b.layout(await image());
  const { stdout, stderr } = await b.run(
    ["image", "copy", source, `${b.host}/a:1`],
    { terminal: true },
  );
  strictEqual(stdout, `${b.host}/a:1\n`);
  strictEqual(/Manifests: 1\/1 \| Blobs: \d/.test(stderr), true, stderr);
});

Deno.test("watchCopy() shows nothing where the log was asked for", async () => {
  const { io, err } = memoryIo({ terminal: true });
  await using watch = watchCopy(io, { given: new Set(["verbosity"]) });
  strictEqual(watch.onEvent, undefined);
  strictEqual(err.text, "");
});
