import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { image, multiPlatform } from "../../../support/images.ts";
import { readLayout } from "../../../support/layouts.ts";
import { bench } from "../../../support/regctl.ts";

Deno.test("image copy carries an image from a layout to a registry and back, the same", async () => {
  await using b = await bench();
  const graph = await multiPlatform(3);
  const layout = await b.layout(graph);
  const target = `${b.host}/a/b:v1`;
  strictEqual(await b.ok(["image", "copy", layout, target]), `${target}\n`);
  const back = `ocidir://${b.dir}/back:v1`;
  strictEqual(await b.ok(["image", "cp", target, back]), `${back}\n`);
  deepStrictEqual(
    (await readLayout(`${b.dir}/back`)).blobs,
    (await readLayout(layout.slice("ocidir://".length, -":v1".length))).blobs,
  );
});

Deno.test("image copy asks two questions when nothing changed", async () => {
  await using b = await bench();
  const source = `${b.host}/a:1`;
  await b.ok(["image", "copy", await b.layout(await image()), source]);
  await b.ok(["image", "copy", source, `${b.host}/b:1`]);
  b.registry.take();
  await b.ok(["image", "copy", source, `${b.host}/b:1`]);
  deepStrictEqual(b.registry.take().sort(), [
    "HEAD /v2/a/manifests/1",
    "HEAD /v2/b/manifests/1",
  ]);
});

Deno.test("image copy --platform takes one image, --platforms some, with the index as it is or anew", async () => {
  await using b = await bench();
  const graph = await multiPlatform(3);
  const source = await b.layout(graph);
  const entries = async (...flags: string[]) => {
    const target = `ocidir://${b.dir}/${flags.length}:v1`;
    await b.ok(["image", "copy", ...flags, source, target]);
    const { index, blobs } = await readLayout(`${b.dir}/${flags.length}`);
    const [row] = JSON.parse(index).manifests;
    return { root: row.digest, blobs: blobs.length };
  };
  const all = graph.blobs.length + graph.manifests.length;
  const one = await entries("--platform", "linux/amd64");
  ok(one.root !== graph.root.digest && one.blobs === 4, JSON.stringify(one));
  const sparse = await entries("--platforms=linux/amd64");
  strictEqual(sparse.root, graph.root.digest);
  strictEqual(sparse.blobs, 5);
  const anew = await entries(
    "--platforms=linux/amd64",
    "--platforms=linux/arm64",
    "--rewrite-index",
  );
  ok(anew.root !== graph.root.digest && anew.blobs < all);
});

Deno.test("image copy --dry-run says what it would do, and does nothing", async () => {
  await using b = await bench();
  const graph = await image();
  const source = await b.layout(graph);
  const stdout = await b.ok([
    "image",
    "copy",
    "--dry-run",
    source,
    `${b.host}/a:1`,
  ]);
  const lines = stdout.trimEnd().split("\n");
  strictEqual(lines.length, graph.blobs.length + 1);
  strictEqual(
    lines.at(-1),
    `would put manifest ${graph.root.digest} to ${b.host}/a as tag 1`,
  );
  for (const { method } of b.registry.requests) {
    match(method, /^(GET|HEAD)$/);
  }
});

Deno.test("image copy leaves no tag when a blob cannot be had", async () => {
  await using b = await bench();
  const graph = await image();
  const source = await b.layout(graph);
  const [blob] = graph.blobs;
  const path = source.slice("ocidir://".length, -":v1".length);
  await Deno.remove(
    `${path}/blobs/sha256/${blob?.descriptor.digest.slice("sha256:".length)}`,
  );
  const { exit, stdout, stderr } = await b.run([
    "image",
    "copy",
    source,
    `${b.host}/a:1`,
  ]);
  deepStrictEqual([exit, stdout], [1, ""]);
  match(stderr, /^error: .*/);
  ok(!b.registry.take().some((line) => line.startsWith("PUT /v2/a/manifests")));
});

Deno.test("image copy refuses flags that make no sense together", async () => {
  await using b = await bench();
  const { exit, stderr } = await b.run([
    "image",
    "copy",
    "--referrers-src",
    "a/b",
    "a:1",
    "b:1",
  ]);
  strictEqual(exit, 2);
  match(stderr, /^error: referrers must be enabled to specify/);
});

Deno.test("image copy --format prints what it is told, nothing where that is empty", async () => {
  await using b = await bench();
  const source = await b.layout(await image());
  const target = `${b.host}/a:1`;
  strictEqual(
    await b.ok(["image", "copy", source, target, "--format", ""]),
    "",
  );
  strictEqual(
    JSON.parse(await b.ok(["image", "copy", source, target, "--output=json"]))
      .Repository,
    "a",
  );
});
