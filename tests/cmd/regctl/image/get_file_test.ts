import { match, strictEqual } from "node:assert/strict";
import { artifact, multiPlatform } from "../../../support/images.ts";
import { bench } from "../../../support/regctl.ts";

Deno.test("image get-file reads the topmost file of a platform", async () => {
  await using b = await bench();
  const layout = await b.layout(await multiPlatform(2));
  const get = (platform: string) =>
    b.ok(["image", "get-file", "-p", platform, layout, "/etc/os-release"]);
  match(await get("linux/amd64"), /\S/);
  strictEqual(await get("linux/amd64") === await get("linux/arm64"), false);
  const missing = await b.run([
    "image",
    "cat",
    "-p=linux/amd64",
    layout,
    "nope",
  ]);
  strictEqual(missing.exit, 1);
  match(missing.stderr, /^error: .*not found\n/);
});

Deno.test("image get-file finds nothing in an artifact, and says so", async () => {
  await using b = await bench();
  const { exit } = await b.run([
    "image",
    "get-file",
    await b.layout(artifact()),
    "x",
  ]);
  strictEqual(exit, 1);
});
