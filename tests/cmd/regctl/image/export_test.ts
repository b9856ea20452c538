import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { image } from "../../../support/images.ts";
import { bench } from "../../../support/regctl.ts";

Deno.test("image export gives the same archive to the output, to a file and packed", async () => {
  await using b = await bench();
  const layout = await b.layout(await image());
  const { stdoutBytes } = await b.run([
    "image",
    "export",
    layout,
    "--name=foo/bar:1",
  ]);
  ok(stdoutBytes.length > 1024);
  const path = `${b.dir}/out.tar`;
  strictEqual(
    await b.ok(["image", "export", layout, path, "--name=foo/bar:1"]),
    "",
  );
  deepStrictEqual(await Deno.readFile(path), stdoutBytes);
  await b.ok([
    "image",
    "export",
    "--compress",
    "--file",
    path,
    layout,
    "--name=foo/bar:1",
  ]);
  const unpacked = new Blob([await Deno.readFile(path)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  deepStrictEqual(await new Response(unpacked).bytes(), stdoutBytes);
});

Deno.test("image export leaves no file of what cannot be read", async () => {
  await using b = await bench();
  const path = `${b.dir}/out.tar`;
  const { exit } = await b.run(["image", "export", `${b.host}/none:1`, path]);
  strictEqual(exit, 1);
  strictEqual(await Deno.stat(path).then(() => true, () => false), false);
});

Deno.test("image export wants --file for several images", async () => {
  await using b = await bench();
  const { exit, stderr } = await b.run(["image", "export", "a", "b", "c"]);
  strictEqual(exit, 2);
  match(
    stderr,
    /^error: accepts between 1 and 2 arg\(s\), received 3\nhint: add --file/,
  );
});

Deno.test("image export and get-file take a dash for the standard output", async () => {
  await using b = await bench();
  const ref = await b.layout(await image());
  const { stdoutBytes } = await b.run(["image", "export", ref]);
  const dash = await b.run(["image", "export", ref, "-"]);
  deepStrictEqual(dash.stdoutBytes, stdoutBytes);
  const file = ["image", "get-file", ref, "etc/os-release"];
  strictEqual(await b.ok([...file, "-"]), await b.ok(file));
});
