import { match, strictEqual } from "node:assert/strict";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

async function withLayer() {
  const b = await bench();
  const layout = await b.layout(await image());
  const layers = (await b.ok([
    "image",
    "manifest",
    layout,
    "--format",
    "{{range .Layers}}{{println .Digest}}{{end}}",
  ])).trim().split("\n");
  return { b, layout, layer: layers[0] ?? "" };
}

Deno.test("blob get-file gives a file of a layer, to the output, a file or a template", async () => {
  const { b, layout, layer } = await withLayer();
  await using _b = b;
  const get = (...argv: string[]) =>
    b.run(["blob", "get-file", layout, layer, ...argv]);
  const text = (await get("/etc/os-release")).stdout;
  match(text, /\S/);
  const out = `${b.dir}/out`;
  strictEqual((await get("etc/os-release", out)).stdout, "");
  strictEqual(await Deno.readTextFile(out), text);
  strictEqual(
    (await get("etc/os-release", "--format", "{{.Header.Size}}")).stdout,
    String(text.length),
  );
  strictEqual(
    JSON.parse((await get("etc/os-release", "--output=json")).stdout).size,
    text.length,
  );
});

Deno.test("blob get-file makes no file of what is not there", async () => {
  const { b, layout, layer } = await withLayer();
  await using _b = b;
  const out = `${b.dir}/none`;
  const { exit, stderr } = await b.run([
    "blob",
    "cat",
    layout,
    layer,
    "nope",
    out,
  ]);
  strictEqual(exit, 1);
  match(stderr, /^error: file not found\n/);
  strictEqual(await Deno.stat(out).then(() => true, () => false), false);
});
