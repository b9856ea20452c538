import { strictEqual } from "node:assert/strict";
import { image, multiPlatform } from "../../../support/images.ts";
import { bench } from "../../../support/regctl.ts";

Deno.test("image import reads a file and the standard input", async () => {
  await using b = await bench();
  const graph = await multiPlatform(2);
  const path = `${b.dir}/x.tar`;
  await b.ok(["image", "export", await b.layout(graph), path]);
  strictEqual(await b.ok(["image", "import", `${b.host}/a:1`, path]), "");
  await b.ok(["image", "import", `${b.host}/a:2`], {
    stdin: await Deno.readFile(path),
  });
  await b.ok(["image", "import", `${b.host}/a:3`, "/dev/stdin"], {
    stdin: await Deno.readFile(path),
  });
  for (const tag of ["1", "2", "3"]) {
    strictEqual(
      await b.ok(["image", "digest", `${b.host}/a:${tag}`]),
      `${graph.root.digest}\n`,
    );
  }
});

Deno.test("image import --all takes each image under its own tag", async () => {
  await using b = await bench();
  const path = `${b.dir}/x.tar`;
  const refs: string[] = [];
  for (const [at, seed] of [1, 2].entries()) {
    refs.push(`${b.host}/a:v${at}`);
    await b.ok([
      "image",
      "copy",
      await b.layout(await image({ seed })),
      `${b.host}/a:v${at}`,
    ]);
  }
  await b.ok(["image", "export", "--file", path, ...refs]);
  await b.ok(["image", "import", "--all", `${b.host}/b`, path]);
  strictEqual(await b.ok(["tag", "ls", `${b.host}/b`]), "v0\nv1\n");
});
