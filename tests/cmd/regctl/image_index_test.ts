import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { multiPlatform } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

Deno.test("index create, add and delete change the entries and print nothing", async () => {
  await using b = await bench();
  const layout = await b.layout(await multiPlatform(3));
  const ref = `${b.host}/a:1`;
  const platforms = async () =>
    (await b.ok([
      "manifest",
      "get",
      ref,
      "--format",
      "{{range .Manifests}}{{println .Platform}}{{end}}",
    ])).trim().split("\n");
  strictEqual(
    await b.ok([
      "index",
      "create",
      ref,
      "--ref",
      layout,
      "--platform=linux/arm64",
      "--annotation=k=v",
    ]),
    "",
  );
  deepStrictEqual(await platforms(), ["linux/arm64"]);
  strictEqual(
    await b.ok([
      "index",
      "add",
      ref,
      "--ref",
      layout,
      "--platform",
      "linux/amd64",
      "--platform",
      "linux/arm64",
    ]),
    "",
  );
  deepStrictEqual(await platforms(), ["linux/arm64", "linux/amd64"]);
  await b.ok(["index", "rm", ref, "--platform", "linux/arm64"]);
  deepStrictEqual(await platforms(), ["linux/amd64"]);
  strictEqual(
    await b.ok(["manifest", "get", ref, "--format", "{{.Annotations}}"]),
    "map[k:v]",
  );
});

Deno.test("index create --dry-run reads all it needs and pushes nothing", async () => {
  await using b = await bench();
  const layout = await b.layout(await multiPlatform(2));
  const stdout = await b.ok([
    "index",
    "create",
    `${b.host}/a:1`,
    "--ref",
    layout,
    "--platform=linux/arm64",
    "--dry-run",
  ]);
  match(
    stdout,
    /\nwould put manifest sha256:[0-9a-f]{64} to .*\/a as tag 1\n$/,
  );
  for (const { method } of b.registry.requests) match(method, /^(GET|HEAD)$/);
});
