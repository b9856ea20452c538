import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { artifact, multiPlatform } from "../../../support/images.ts";
import { bench } from "../../../support/regctl.ts";

Deno.test("image inspect prints the config of a platform, key by key as it is", async () => {
  await using b = await bench();
  const graph = await multiPlatform(2);
  const layout = await b.layout(graph);
  for (const platform of ["linux/amd64", "linux/arm64"]) {
    const text = await b.ok(["image", "inspect", layout, "-p", platform]);
    const body = await b.ok([
      "image",
      "config",
      layout,
      "-p",
      platform,
      "--format=body",
    ]);
    strictEqual(text, `${JSON.stringify(JSON.parse(body), null, 2)}\n`);
    strictEqual(JSON.parse(body).architecture, platform.split("/")[1]);
  }
  const raw = await b.ok([
    "image",
    "inspect",
    layout,
    "-p=linux/amd64",
    "--format=raw",
  ]);
  deepStrictEqual(raw.startsWith("\n{"), true);
});

Deno.test("image inspect refuses what is no image", async () => {
  await using b = await bench();
  const { exit, stderr } = await b.run([
    "image",
    "inspect",
    await b.layout(artifact()),
  ]);
  strictEqual(exit, 1);
  match(
    stderr,
    /^error: artifacts are not supported with "regctl image inspect"/,
  );
});
