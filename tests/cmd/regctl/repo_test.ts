import { match, strictEqual } from "node:assert/strict";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

Deno.test("repo ls prints repositories by their bytes", async () => {
  await using b = await bench();
  const source = await b.layout(await image());
  for (const name of ["b", "a/x", "a"]) {
    await b.ok(["image", "copy", source, `${b.host}/${name}:1`]);
  }
  strictEqual(await b.ok(["repo", "ls", b.host]), "a\na/x\nb\n");
});

Deno.test("repo ls refuses what is no registry", async () => {
  await using b = await bench();
  for (const name of [`${b.host}/a`, "ocidir://x"]) {
    const { exit, stderr } = await b.run(["repo", "ls", name]);
    strictEqual(exit, 2);
    match(stderr, /^error: /);
  }
});

Deno.test("repo copy takes the tags it is told to, and each blob once", async () => {
  await using b = await bench();
  const source = await b.layout(await image());
  for (const tag of ["v1", "v2", "w"]) {
    await b.ok(["image", "copy", source, `${b.host}/a:${tag}`]);
  }
  strictEqual(
    await b.ok([
      "repo",
      "copy",
      `${b.host}/a`,
      `${b.host}/b`,
      "--include",
      "v.*",
    ]),
    "",
  );
  strictEqual(await b.ok(["tag", "ls", `${b.host}/b`]), "v1\nv2\n");
  b.registry.take();
  await b.ok(["repo", "cp", `${b.host}/a`, `${b.host}/b`, "--new-tags"]);
  const puts = b.registry.take().filter((line) => line.startsWith("PUT"));
  strictEqual(puts.join(), "PUT /v2/b/manifests/w");
});
