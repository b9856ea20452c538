import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

Deno.test("artifact list and tree show what refers to an image", async () => {
  await using b = await bench();
  const ref = `${b.host}/a:1`;
  const graph = await image();
  await b.ok(["image", "copy", await b.layout(graph), ref]);
  for (const type of ["x/one", "x/two"]) {
    await b.ok(["artifact", "put", "--subject", ref, "--artifact-type", type], {
      stdin: type,
    });
  }
  const list = async (...flags: string[]) =>
    JSON.parse(await b.ok(["artifact", "list", ref, "--output=json", ...flags]))
      .descriptors.map((d: { artifactType: string }) => d.artifactType);
  deepStrictEqual((await list()).sort(), ["x/one", "x/two"]);
  deepStrictEqual(await list("--filter-artifact-type", "x/two"), ["x/two"]);
  match(
    await b.ok(["artifact", "ls", ref]),
    new RegExp(`^Subject: +${b.host}/a@${graph.root.digest}\n`),
  );
  const tree = await b.ok(["artifact", "tree", ref]);
  match(
    tree,
    new RegExp(
      `^Ref: ${ref}\nDigest: ${graph.root.digest}\nReferrers:\n  - sha256:\\S+: x/`,
    ),
  );
});

Deno.test("artifact tree prints what it saw before a loop, then fails", async () => {
  await using b = await bench();
  const ref = `ocidir://${b.dir}/loop`;
  await b.ok(["index", "create", `${ref}:1`]);
  const digest = (await b.ok(["image", "digest", `${ref}:1`])).trim();
  // A digest tag that points at the image itself.
  await b.ok([
    "image",
    "copy",
    `${ref}:1`,
    `${ref}:${digest.replace(":", "-")}.sig`,
  ]);
  const { exit, stdout, stderr } = await b.run([
    "artifact",
    "tree",
    "--digest-tags",
    `${ref}:1`,
  ]);
  strictEqual(exit, 1);
  match(stdout, /^Ref: /);
  strictEqual(stderr, `error: loop encountered, already processed ${digest}\n`);
});
